package dev.cdcpipeline.cli.doctor;

import dev.cdcpipeline.kafka.ConsumerGroups;
import dev.cdcpipeline.kafka.KafkaAdmin;
import dev.cdcpipeline.kafka.KafkaClients;
import dev.cdcpipeline.kafka.KafkaSettings;
import dev.cdcpipeline.kafka.NewTopicSpec;
import dev.cdcpipeline.kafka.Topic;
import dev.cdcpipeline.kafka.TopicConfigs;
import dev.cdcpipeline.platform.failure.Explainer;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;

/** Looks at Kafka as both services need it: reachable, logged in, topics and rights. */
final class KafkaDoctor implements AutoCloseable {
    private static final Pattern USER = Pattern.compile("username=[\"']?([^\"'\\s;]+)");

    private final KafkaSettings settings;
    private final String options;
    private final Explainer explainer;
    private final Findings findings;
    private final KafkaAdmin admin;
    private final Duration limit;

    private KafkaDoctor(
            KafkaSettings settings,
            String options,
            Explainer explainer,
            Findings findings,
            KafkaAdmin admin,
            Duration limit) {
        this.settings = settings;
        this.options = options;
        this.explainer = explainer;
        this.findings = findings;
        this.admin = admin;
        this.limit = limit;
    }

    /**
     * Connects as the service does, and tells how that went.
     *
     * @param clients the clients of the service
     * @param options where the options are, {@code watcher.kafka}
     * @return empty if there is nothing to look at further
     */
    static Optional<KafkaDoctor> connect(
            KafkaClients clients,
            String options,
            Explainer explainer,
            Findings findings,
            Duration limit)
            throws InterruptedException {
        KafkaAdmin admin;
        try {
            clients.tryOut();
            admin = clients.admin(limit);
        } catch (KafkaException e) {
            findings.wrong(
                    "Kafka",
                    Reason.of(e),
                    "check %s.bootstrap-servers and %s.properties".formatted(options, options));
            return Optional.empty();
        }
        var doctor =
                new KafkaDoctor(clients.settings(), options, explainer, findings, admin, limit);
        if (doctor.reachable()) {
            return Optional.of(doctor);
        }
        doctor.close();
        return Optional.empty();
    }

    private boolean reachable() throws InterruptedException {
        try {
            int brokers = admin.brokers(limit);
            findings.ok(
                    "Kafka",
                    "%s, %s"
                            .formatted(
                                    settings.bootstrapServers().strip(), count(brokers, "broker")));
            return true;
        } catch (ExecutionException e) {
            String what = e.getCause() instanceof AuthenticationException ? "Kafka login" : "Kafka";
            explainer
                    .on(e)
                    .ifPresentOrElse(
                            found -> findings.wrong(what, found), () -> unanswered(what, e));
            return false;
        }
    }

    private void unanswered(String what, ExecutionException e) {
        findings.wrong(
                what,
                "%s does not answer: %s"
                        .formatted(settings.bootstrapServers().strip(), Reason.of(e)),
                "check host, port, firewall, the brokers' advertised.listeners, and that"
                        + " security.protocol is the listener's");
    }

    /** The names of all topics that may be seen. */
    Set<String> topics() throws InterruptedException, ExecutionException {
        return admin.topics().names();
    }

    /** A topic with what this login may do with it; empty if there is none, or none to be seen. */
    Optional<Topic> topic(String name) throws InterruptedException, ExecutionException {
        return admin.topics().findWithRights(name);
    }

    /** The largest record that a topic takes; empty if this login may not know. */
    Optional<Integer> maxMessageBytes(String topic)
            throws InterruptedException, ExecutionException {
        return admin.topics().readableConfigs(topic).map(TopicConfigs::maxMessageBytes);
    }

    /** A consumer group with what this login may do with it; empty if it is new. */
    Optional<ConsumerGroups.Group> group(String name)
            throws InterruptedException, ExecutionException {
        return admin.groups().find(name);
    }

    /**
     * Asks whether a topic could be created, without creating it.
     *
     * @param pattern how the topic is named in an ACL, a whole name or what names begin with
     */
    void creatable(NewTopicSpec topic, String what, String pattern) throws InterruptedException {
        try {
            findings.ok(
                    what,
                    admin.topics().tryCreate(topic)
                            ? "would be created when first needed"
                            : "exists");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                findings.wrong(
                        what,
                        "does not exist, and this login may not create it",
                        acl("topic", pattern, List.of(AclOperation.CREATE, AclOperation.DESCRIBE)));
            } else {
                findings.wrong(what, "could not be created: " + Reason.of(e), "see " + options);
            }
        }
    }

    /** The command that allows operations. */
    String acl(String kind, String name, List<AclOperation> operations) {
        boolean prefix = name.endsWith("*");
        return "kafka-acls.sh --bootstrap-server %s --add --allow-principal User:%s%s --%s '%s'%s"
                .formatted(
                        settings.bootstrapServers().strip(),
                        principal(),
                        operations.stream()
                                .map(each -> " --operation " + AclNames.of(each))
                                .reduce("", String::concat),
                        kind,
                        prefix && name.length() > 1 ? name.substring(0, name.length() - 1) : name,
                        prefix && name.length() > 1 ? " --resource-pattern-type prefixed" : "");
    }

    private String principal() {
        var user = USER.matcher(settings.properties().getOrDefault("sasl.jaas.config", ""));
        return user.find() ? user.group(1) : "<user>";
    }

    static String count(int number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
