package dev.cdcpipeline.embedded.mongo.command;

import java.util.HashMap;
import java.util.Map;

/**
 * The commands on data, by name; a transaction has a table of its own over its view of the data.
 */
final class CommandTable {

    private CommandTable() {}

    static Map<String, Command> over(Node node) {
        Map<String, Command> commands = new HashMap<>();
        ReadCommands reads = new ReadCommands(node);
        WriteCommands writes = new WriteCommands(node);
        reads.addTo(commands);
        writes.addTo(commands);
        new FindAndModifyCommand(node, writes).addTo(commands);
        new AggregateCommand(node, reads, new OutputStage(node, commands)).addTo(commands);
        new CatalogCommands(node, reads).addTo(commands);
        new IndexCommands(node, reads).addTo(commands);
        return commands;
    }
}
