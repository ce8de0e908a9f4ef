package dev.cdcpipeline.tests.reference;

import dev.cdcpipeline.platform.failure.ErrorCatalogue;
import dev.cdcpipeline.platform.failure.ErrorEntry;
import dev.cdcpipeline.platform.failure.Explanation;
import dev.cdcpipeline.platform.failure.TlsProblem;

import java.util.Locale;

/** The reference of errors and what the services do about them, from the error catalogues. */
final class ErrorsPage {

    private ErrorsPage() {}

    static String text() {
        var page =
                new StringBuilder(
                        """
                        # Errors

                        <!-- Written from the error catalogues by a test: change them, not this page. -->

                        What a service does about an error is decided by its code or type, never by
                        its message, in one catalogue for each outside system.

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

                        What is not in a catalogue **stops**. Broken connections and timeouts are
                        retried, as are errors of the local disk when a checkpoint is saved.

                        The sentence of an error is what the log says when the service ends with it,
                        and what `cdc config check --connect` says. In it a name in braces stands for
                        what the service knows (`{kafka}` is `watcher.kafka` or `syncer.kafka`) or the
                        error says (`{said}`, its words).
                        """);
        page.append(tls());
        for (ErrorCatalogue catalogue : Catalogues.ALL) {
            page.append("\n## ").append(catalogue.system()).append("\n\n");
            page.append(head(catalogue.system()));
            catalogue.entries().forEach(entry -> page.append(row(entry)));
        }
        return page.toString();
    }

    private static String row(ErrorEntry entry) {
        Explanation explanation = entry.explanation();
        String reaction = entry.reaction().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return "| `%s` | %s | %s | %s |\n"
                .formatted(
                        entry.code(),
                        entry.name(),
                        entry.passesWithFewerRecords()
                                ? reaction + ", with fewer records"
                                : reaction,
                        explanation == null ? "" : cell(explanation));
    }

    private static String cell(Explanation explanation) {
        return explanation.sentence().replace("|", "\\|").replace("<", "\\<");
    }

    private static String tls() {
        var section =
                new StringBuilder(
                        """

                        ## TLS

                        A connection that the two sides do not agree on **stops** the service,
                        whatever error it is wrapped in.

                        | | what it means, and what to do |
                        |---|---|
                        """);
        for (TlsProblem problem : TlsProblem.values()) {
            section.append(
                    "| %s | %s |\n"
                            .formatted(
                                    problem.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                                    cell(problem.explanation())));
        }
        return section.toString();
    }

    private static String head(String system) {
        return switch (system) {
            case "PostgreSQL" ->
                    """
                    By SQLSTATE; two characters stand for a class, five win over their class. With
                    fewer records means: the same batch is then written in parts.

                    | SQLSTATE | meaning | reaction | what it means, and what to do |
                    |---|---|---|---|
                    """;
            case "Kafka" ->
                    """
                    A type stands for its subclasses too; the nearest one wins.

                    | type | package | reaction | what it means, and what to do |
                    |---|---|---|---|
                    """;
            case "Redis" ->
                    """
                    | first word of the reply | meaning | reaction | what it means, and what to do |
                    |---|---|---|---|
                    """;
            default ->
                    """
                    | code | name | reaction | what it means, and what to do |
                    |---|---|---|---|
                    """;
        };
    }
}
