package dev.cdcpipeline.tests.reference;

import dev.cdcpipeline.platform.failure.FailureTable;

/** The reference of errors and what the services do about them, from the failure table. */
final class ErrorsPage {

    private ErrorsPage() {}

    static String text() {
        var page =
                new StringBuilder(
                        """
                        # Errors

                        <!-- Written from the failure table by a test: change that, not this page. -->

                        What a service does about an error is decided by its code or type, never by
                        its message, in one table.

                        - **retry**: the same is tried again, with growing waits (`retry.*` in the
                          [configuration](configuration.md)); nothing is lost meanwhile. Each attempt
                          is counted in `cdc_watcher_retries_total` or `cdc_syncer_retries_total`
                          and logged as a warning. Of a warning that repeats itself, ten are logged
                          in ten seconds; the next one says in its field `suppressed` how many were
                          left out.
                        - **stop**: it would not pass by itself. The service ends with exit code 1 and
                          the log says why; mend it, and start it again: it goes on where it was.
                        - **dead letter**: the data itself cannot be applied. The record goes to the
                          dead-letter topic with its origin and cause, its neighbours go on. Of
                          PostgreSQL only where it refuses rows, after it took the ledger's step:
                          the same code at anything else stops. The
                          Watcher stops instead, unless it is told to write of records too large
                          for Kafka to a dead-letter topic of its own.

                        What is not in the table **stops**. Broken connections and timeouts are
                        retried, as are errors of the local disk when a checkpoint is saved.
                        """);
        FailureTable.rows()
                .forEach(
                        (system, rows) -> {
                            page.append("\n## ").append(system).append("\n\n");
                            page.append(head(system));
                            rows.forEach(
                                    row ->
                                            page.append(
                                                    "| `%s` | %s | %s |\n"
                                                            .formatted(
                                                                    row.code(),
                                                                    row.name(),
                                                                    row.reaction()
                                                                            .name()
                                                                            .toLowerCase(
                                                                                    java.util.Locale
                                                                                            .ROOT)
                                                                            .replace('_', ' '))));
                        });
        return page.toString();
    }

    private static String head(String system) {
        return switch (system) {
            case "PostgreSQL" ->
                    """
                    By SQLSTATE; two characters stand for a class, five win over their class.

                    | SQLSTATE | meaning | reaction |
                    |---|---|---|
                    """;
            case "Kafka" ->
                    """
                    A type stands for its subclasses too; the nearest one wins.

                    | type | package | reaction |
                    |---|---|---|
                    """;
            case "Redis" -> "| first word of the reply | meaning | reaction |\n|---|---|---|\n";
            default -> "| code | name | reaction |\n|---|---|---|\n";
        };
    }
}
