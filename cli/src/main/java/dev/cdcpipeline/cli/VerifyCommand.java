package dev.cdcpipeline.cli;

import com.mongodb.ConnectionString;
import com.mongodb.MongoConfigurationException;
import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;

import dev.cdcpipeline.cli.doctor.MongoReason;
import dev.cdcpipeline.cli.doctor.Reason;
import dev.cdcpipeline.cli.verify.Report;
import dev.cdcpipeline.cli.verify.Verifier;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.platform.lifecycle.ExitCode;
import dev.cdcpipeline.platform.secret.Redaction;
import dev.cdcpipeline.syncer.app.DocFormat;
import dev.cdcpipeline.syncer.schema.TableName;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code cdc verify}. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Compares every document in MongoDB with its row in PostgreSQL, value by value, and finds"
                    + " what is missing, surplus or different. Stop the writers first, and let the"
                    + " Syncer catch up: what is on its way shows as a difference.",
            ""
        },
        footer = {
            "",
            "Exit codes: 0 all agree; 1 differences, the first ten are printed; 2 wrong command line;"
                    + " 5 a server does not answer or refuses, so nothing is known.",
            "",
            "Example:",
            "",
            "  cdc verify --mongodb mongodb://localhost/?replicaSet=rs0 \\",
            "      --postgresql jdbc:postgresql://localhost/app --user cdc \\",
            "      shop.customers shop.orders=archive.orders",
        })
final class VerifyCommand implements Callable<Integer> {

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--mongodb",
            required = true,
            paramLabel = "URI",
            description = "MongoDB's connection string.")
    private String mongodb = "";

    @Option(
            names = "--postgresql",
            required = true,
            paramLabel = "URL",
            description = "PostgreSQL's JDBC URL.")
    private String postgresql = "";

    @Option(
            names = "--user",
            defaultValue = "postgres",
            description = "PostgreSQL's user (default: ${DEFAULT-VALUE}).")
    private String user = "postgres";

    @Option(
            names = "--password",
            defaultValue = "${env:PGPASSWORD:-}",
            interactive = true,
            arity = "0..1",
            description =
                    "PostgreSQL's password; asked for when no value follows. By default that of the"
                            + " environment variable PGPASSWORD.")
    private String password = "";

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "plain",
            description =
                    "How the Syncer writes documents, its option doc.format: plain or extended"
                            + " (default: ${DEFAULT-VALUE}). In extended, each value is compared by"
                            + " its type too.")
    private DocFormat format = DocFormat.PLAIN;

    @Parameters(
            arity = "1..*",
            paramLabel = "NAMESPACE",
            description =
                    "Collections as 'database.collection', each compared with the table of the same"
                            + " name in the schema of the database's name; or with another one as"
                            + " 'database.collection=schema.table'.")
    private List<String> namespaces = List.of();

    @Override
    public Integer call() {
        Map<Namespace, TableName> tables = new LinkedHashMap<>();
        namespaces.forEach(text -> addTo(tables, text));
        if (!postgresql.startsWith("jdbc:postgresql:")) {
            throw wrong("--postgresql: write it as jdbc:postgresql://host:port/database.");
        }
        ConnectionString uri = mongoUri();
        try (MongoClient mongo = MongoClients.create(uri)) {
            return compare(uri, mongo, tables).value();
        }
    }

    private ConnectionString mongoUri() {
        try {
            return new ConnectionString(mongodb);
        } catch (IllegalArgumentException | MongoConfigurationException e) {
            // The latter if a name that mongodb+srv:// asks for is not in the DNS.
            throw wrong("--mongodb: " + Reason.of(e));
        }
    }

    private ExitCode compare(
            ConnectionString uri, MongoClient mongo, Map<Namespace, TableName> tables) {
        try (Connection postgres = DriverManager.getConnection(postgresql, user, password)) {
            return print(new Verifier(mongo, postgres, format).compare(tables));
        } catch (MongoException e) {
            return unanswered(
                    "MongoDB cannot be read: %s; check --mongodb with its user, password and authSource"
                            .formatted(MongoReason.of(uri, mongo, e)));
        } catch (SQLException e) {
            return unanswered(
                    "PostgreSQL cannot be read: %s; check --postgresql, --user and --password, and that the user may read the table"
                            .formatted(Reason.of(e)));
        }
    }

    private ExitCode unanswered(String sentence) {
        command().commandLine().getErr().println(Redaction.redact(sentence));
        return ExitCode.UNANSWERED;
    }

    private ParameterException wrong(String sentence) {
        return new ParameterException(command().commandLine(), Redaction.redact(sentence));
    }

    private ExitCode print(Report report) {
        PrintWriter out = command().commandLine().getOut();
        out.println(report.sentence());
        report.first().forEach(each -> out.println("  " + each.sentence()));
        if (report.differences() > report.first().size()) {
            out.println("  and more");
        }
        return report.agrees() ? ExitCode.OK : ExitCode.FAILED;
    }

    private void addTo(Map<Namespace, TableName> tables, String text) {
        int equals = text.indexOf('=');
        Namespace namespace = namespace(equals < 0 ? text : text.substring(0, equals));
        Namespace table = equals < 0 ? namespace : namespace(text.substring(equals + 1));
        tables.put(namespace, new TableName(table.database(), table.collection()));
    }

    private Namespace namespace(String text) {
        int dot = text.indexOf('.');
        if (dot <= 0 || dot == text.length() - 1) {
            throw wrong(
                    "'%s' does not name a collection or table: write it with its database or schema, such as shop.orders."
                            .formatted(text));
        }
        return Namespace.parse(text);
    }

    private CommandSpec command() {
        if (spec == null) {
            throw new IllegalStateException("The command runs by its command line only.");
        }
        return spec;
    }
}
