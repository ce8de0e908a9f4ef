package dev.cdcpipeline.tests.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.cdcpipeline.cli.Main;
import dev.cdcpipeline.demo.DemoMain;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;

class CommandsTest {

    @Test
    @DisplayName("14.6 Every cdc command in the documentation exists, with the options it is given")
    void documentedCommandsExist() throws IOException {
        List<List<String>> commands =
                Page.all().stream().flatMap(page -> page.commands().stream()).toList();

        assertThat(commands).hasSizeGreaterThan(10);
        assertThat(commands)
                .allSatisfy(
                        command ->
                                assertThatCode(() -> parse(command))
                                        .as("cdc %s", String.join(" ", command))
                                        .doesNotThrowAnyException());
    }

    private static void parse(List<String> command) {
        // What stands in brackets is optional, and taken as given.
        String[] arguments =
                command.stream()
                        .map(word -> word.replaceAll("[\\[\\]]", ""))
                        .toArray(String[]::new);
        boolean ofDemo = List.of("demo", "mongo").contains(arguments[0]);
        (ofDemo ? DemoMain.commandLine() : Main.commandLine()).parseArgs(arguments);
    }
}
