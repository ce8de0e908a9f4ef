package dev.cdcpipeline.cli.doctor;

import dev.cdcpipeline.kafka.NewTopicSpec;
import dev.cdcpipeline.kafka.Topic;
import dev.cdcpipeline.kafka.TopicName;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.watcher.app.WatcherSettings;
import dev.cdcpipeline.watcher.capture.Scope;
import dev.cdcpipeline.watcher.publish.TooLarge;

import org.apache.kafka.common.acl.AclOperation;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;

/** Looks at the topics that a Watcher publishes to. */
final class TargetTopics {
    private static final List<AclOperation> NEEDED =
            List.of(AclOperation.WRITE, AclOperation.DESCRIBE);
    private static final List<AclOperation> READ = List.of(AclOperation.READ);

    private final WatcherSettings settings;
    private final Scope scope;
    private final KafkaDoctor kafka;
    private final Findings findings;

    TargetTopics(WatcherSettings settings, KafkaDoctor kafka, Findings findings) {
        this.settings = settings;
        this.scope =
                Scope.of(settings.scope().include(), settings.scope().exclude().orElse(List.of()));
        this.kafka = kafka;
        this.findings = findings;
    }

    void examine() throws InterruptedException, ExecutionException {
        String prefix = settings.topic().prefix();
        Set<String> all = kafka.topics();
        var existing = new TreeSet<String>();
        for (String name : all) {
            if (TopicName.namespace(prefix, name).filter(scope::covers).isPresent()) {
                existing.add(name);
            }
        }
        for (String name : existing) {
            Optional<Topic> topic = kafka.topic(name);
            if (topic.isPresent()) {
                examine(topic.get());
            }
        }
        for (String pattern : settings.scope().include()) {
            String name = TopicName.among(all, prefix, Namespace.parse(pattern.strip()));
            if (pattern.indexOf('*') >= 0) {
                // Whether any topic of the kind could be made; the name only stands for them.
                String any = TopicName.withoutHash(name).replace('_', 'x');
                kafka.creatable(wanted(any), "Kafka topics of " + pattern, prefix + ".*");
            } else if (!existing.contains(name)) {
                kafka.creatable(wanted(name), "Kafka topic " + name, prefix + ".*");
            }
        }
        String letters = settings.publish().deadLetterTopic();
        if (settings.publish().tooLarge() == TooLarge.DEAD_LETTER) {
            kafka.creatable(wanted(letters), "Kafka dead-letter topic " + letters, letters);
        }
    }

    private void examine(Topic topic) throws InterruptedException, ExecutionException {
        String what = "Kafka topic " + topic.name();
        List<AclOperation> missing = topic.missing(NEEDED);
        int wanted = settings.topic().maxMessageBytes().toInt();
        var allowed = kafka.maxMessageBytes(topic.name());
        if (!missing.isEmpty()) {
            findings.wrong(
                    what,
                    "this login lacks " + missing,
                    kafka.acl("topic", settings.topic().prefix() + ".*", NEEDED));
        } else if (!topic.missing(READ).isEmpty()) {
            findings.note(
                    what,
                    "this login lacks [READ]: a Watcher that has lost its checkpoint could not find its place in it",
                    kafka.acl("topic", settings.topic().prefix() + ".*", READ));
        } else if (allowed.isPresent() && allowed.get() < wanted) {
            findings.note(
                    what,
                    "takes records of up to %d bytes, a large document will not fit (watcher.topic.max-message-bytes is %s)"
                            .formatted(allowed.get(), settings.topic().maxMessageBytes()),
                    "kafka-configs.sh --bootstrap-server %s --alter --topic %s --add-config max.message.bytes=%d"
                            .formatted(
                                    settings.kafka().bootstrapServers().strip(),
                                    topic.name(),
                                    wanted));
        } else {
            findings.ok(
                    what, KafkaDoctor.count(topic.partitions().size(), "partition") + ", writable");
        }
    }

    private NewTopicSpec wanted(String name) {
        int replication = settings.topic().replication();
        return new NewTopicSpec(
                name,
                OptionalInt.of(settings.topic().partitions()),
                replication == 0 ? OptionalInt.empty() : OptionalInt.of(replication),
                OptionalInt.of(settings.topic().maxMessageBytes().toInt()));
    }
}
