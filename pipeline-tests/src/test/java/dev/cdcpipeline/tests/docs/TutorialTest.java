package dev.cdcpipeline.tests.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;

import dev.cdcpipeline.cli.Main;
import dev.cdcpipeline.demo.Servers;
import dev.cdcpipeline.demo.ServiceProcess;
import dev.cdcpipeline.tests.ServiceJvm;

import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Follows the tutorial word by word, on servers at other addresses. */
class TutorialTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Pattern INSERT = Pattern.compile("db\\.(\\w+)\\.insertOne\\((.*)\\)");

    private final Page tutorial = Page.of("docs/tutorial/first-pipeline.md");
    private Servers servers;
    private ServiceProcess watcher;
    private ServiceProcess syncer;

    @BeforeEach
    void start() throws SQLException {
        servers = Servers.start();
        watcher = new ServiceProcess("watcher");
        syncer = new ServiceProcess("syncer");
        watcher.jvmOptions(ServiceJvm.QUICK_START);
        syncer.jvmOptions(ServiceJvm.QUICK_START);
        sql("create role cdc login");
        sql("grant create, temporary on database postgres to cdc");
    }

    @AfterEach
    void stop() {
        try (var _ = servers;
                var _ = syncer;
                var _ = watcher) {
            // Closed in reverse order, all of them, whatever fails.
        }
    }

    @Test
    @DisplayName("14.6 The tutorial works as it is written")
    void theTutorialWorks() throws Exception {
        for (List<String> command : tutorial.commands()) {
            switch (command.getFirst()) {
                case "watcher" -> {
                    watcher.start(yaml("watcher", watcher));
                    watcher.awaitReady(LIMIT);
                    insertTheDocument();
                }
                case "syncer" -> {
                    syncer.start(yaml("syncer", syncer));
                    await().atMost(LIMIT).ignoreExceptions().until(this::selects);
                    syncer.awaitReady(LIMIT);
                }
                case "config" -> assertThat(cdc(checkOf(command))).contains("All is well");
                case "status" -> {
                    List<String> more = new ArrayList<>(command);
                    more.addAll(List.of("--watcher", "http://127.0.0.1:" + watcher.httpPort()));
                    more.addAll(List.of("--syncer", "http://127.0.0.1:" + syncer.httpPort()));
                    assertThat(cdc(more)).contains("streaming").doesNotContain("unreachable");
                }
                case "verify" -> assertThat(cdc(here(command))).contains("1 document");
                default -> assertThat(command.getFirst()).isEqualTo("demo");
            }
        }
    }

    /** The tutorial's own configuration, at the addresses of here. */
    private String yaml(String service, ServiceProcess process) {
        String block =
                tutorial.blocks("yaml").stream()
                        .filter(each -> each.startsWith(service + ":"))
                        .findFirst()
                        .orElseThrow();
        String more =
                "  http:%n    host: 127.0.0.1%n    port: %d%n".formatted(process.httpPort())
                        + (service.equals("watcher")
                                ? "  checkpoint:%n    file:%n      path: \"%s\"%n"
                                        .formatted(process.folder().resolve("checkpoint"))
                                : "");
        return here(block) + more;
    }

    private String here(String text) {
        return text.replace(
                        "mongodb://localhost:27017/?directConnection=true", servers.mongo().uri())
                .replace("localhost:29092", servers.kafka().bootstrapServers())
                .replace("jdbc:postgresql://localhost:5432/cdc", servers.postgres().jdbcUrl());
    }

    private List<String> here(List<String> command) {
        return command.stream().map(this::here).toList();
    }

    private List<String> checkOf(List<String> command) throws Exception {
        Path file =
                Files.writeString(
                        watcher.folder().resolve("watcher.yaml"), yaml("watcher", watcher));
        return command.stream()
                .map(word -> word.equals("watcher.yaml") ? file.toString() : word)
                .toList();
    }

    private void insertTheDocument() {
        var insert = INSERT.matcher(tutorial.blocks("js").getFirst());
        assertThat(insert.find()).isTrue();
        try (MongoClient mongo = MongoClients.create(servers.mongo().uri())) {
            mongo.getDatabase("shop")
                    .getCollection(insert.group(1))
                    .insertOne(Document.parse(insert.group(2)));
        }
    }

    private boolean selects() throws SQLException {
        try (var connection = servers.connect();
                var query = connection.createStatement();
                var rows = query.executeQuery(tutorial.blocks("sql").getFirst())) {
            return rows.next() && rows.getString("doc").contains("Ada");
        }
    }

    private void sql(String statement) throws SQLException {
        try (var connection = servers.connect();
                var query = connection.createStatement()) {
            query.execute(statement);
        }
    }

    /** Runs a command that must end with 0, and returns what it says. */
    private static String cdc(List<String> arguments) {
        var out = new StringWriter();
        int code =
                Main.commandLine()
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(out, true))
                        .execute(arguments.toArray(String[]::new));
        assertThat(code).as("cdc %s: %s", String.join(" ", arguments), out).isZero();
        return out.toString();
    }
}
