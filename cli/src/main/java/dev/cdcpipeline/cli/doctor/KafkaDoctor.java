package dev.cdcpipeline.cli.doctor;

import dev.cdcpipeline.kafka.KafkaClients;
import dev.cdcpipeline.kafka.KafkaSettings;
import dev.cdcpipeline.platform.failure.Explainer;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
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
    private final Admin admin;

    private KafkaDoctor(
            KafkaSettings settings,
            String options,
            Explainer explainer,
            Findings findings,
            Admin admin) {
        this.settings = settings;
        this.options = options;
        this.explainer = explainer;
        this.findings = findings;
        this.admin = admin;
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
        Admin admin;
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
        var doctor = new KafkaDoctor(clients.settings(), options, explainer, findings, admin);
        if (doctor.reachable()) {
            return Optional.of(doctor);
        }
        doctor.close();
        return Optional.empty();
    }

    private boolean reachable() throws InterruptedException {
        try {
            int brokers = admin.describeCluster().nodes().get().size();
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
        return admin.listTopics().names().get();
    }

    /** A topic with what this login may do with it; empty if there is none, or none to be seen. */
    Optional<TopicDescription> topic(String name) throws InterruptedException, ExecutionException {
        try {
            return Optional.ofNullable(
                    admin.describeTopics(
                                    List.of(name),
                                    new DescribeTopicsOptions().includeAuthorizedOperations(true))
                            .allTopicNames()
                            .get()
                            .get(name));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException
                    || e.getCause() instanceof AuthorizationException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The operations that are needed on a topic and not allowed. */
    static List<AclOperation> missing(TopicDescription topic, List<AclOperation> needed) {
        Set<AclOperation> allowed = topic.authorizedOperations();
        return allowed == null
                ? List.of()
                : needed.stream().filter(each -> !allowed.contains(each)).toList();
    }

    /** The largest record that a topic takes; empty if this login may not know. */
    OptionalInt maxMessageBytes(String topic) throws InterruptedException, ExecutionException {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            var config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
            return config == null
                    ? OptionalInt.empty()
                    : OptionalInt.of(
                            Integer.parseInt(
                                    config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value()));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                return OptionalInt.empty();
            }
            throw e;
        }
    }

    /**
     * Asks whether a topic could be created, without creating it.
     *
     * @param pattern how the topic is named in an ACL, a whole name or what names begin with
     */
    void creatable(NewTopic topic, String what, String pattern) throws InterruptedException {
        try {
            admin.createTopics(List.of(topic), new CreateTopicsOptions().validateOnly(true))
                    .all()
                    .get();
            findings.ok(what, "would be created when first needed");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
                findings.ok(what, "exists");
            } else if (e.getCause() instanceof AuthorizationException) {
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

    Admin admin() {
        return admin;
    }

    static String count(int number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
