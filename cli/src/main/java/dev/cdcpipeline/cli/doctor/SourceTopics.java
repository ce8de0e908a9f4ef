package dev.cdcpipeline.cli.doctor;

import dev.cdcpipeline.kafka.ConsumerGroups;
import dev.cdcpipeline.kafka.NewTopicSpec;
import dev.cdcpipeline.kafka.Topic;
import dev.cdcpipeline.syncer.app.SyncerSettings;
import dev.cdcpipeline.syncer.consume.Subscription;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;

/** Looks at the topics that a Syncer applies, its consumer group and its dead-letter topic. */
final class SourceTopics {
    private static final List<AclOperation> NEEDED =
            List.of(AclOperation.READ, AclOperation.DESCRIBE);

    private final SyncerSettings settings;
    private final KafkaDoctor kafka;
    private final Findings findings;

    SourceTopics(SyncerSettings settings, KafkaDoctor kafka, Findings findings) {
        this.settings = settings;
        this.kafka = kafka;
        this.findings = findings;
    }

    void examine() throws InterruptedException, ExecutionException {
        Set<String> all = kafka.topics();
        Set<String> wanted = wanted(all);
        if (wanted.isEmpty()) {
            findings.note(
                    "Kafka topics",
                    "none matches " + settings.kafka().topicPattern().orElse("") + " yet",
                    "fine before the Watcher has published; else check syncer.kafka.topic-pattern,"
                            + " and that this login may Describe the topics");
        }
        for (String name : wanted) {
            examine(name, kafka.topic(name));
        }
        group();
        String letters = settings.deadLetter().topic();
        if (kafka.topic(letters).isPresent()) {
            writable(letters);
        } else {
            kafka.creatable(
                    NewTopicSpec.ofDefaults(letters),
                    "Kafka dead-letter topic " + letters,
                    letters);
        }
    }

    /** As the Syncer subscribes: a pattern does not mean the dead letters. */
    private Set<String> wanted(Set<String> all) {
        var wanted = new TreeSet<>(settings.kafka().topics().orElse(List.of()));
        settings.kafka()
                .topicPattern()
                .map(Pattern::compile)
                .map(
                        asked ->
                                Subscription.Matching.butLetters(
                                        asked, settings.deadLetter().topic()))
                .map(Subscription.Matching::pattern)
                .ifPresent(
                        pattern ->
                                all.stream()
                                        .filter(name -> pattern.matcher(name).matches())
                                        .forEach(wanted::add));
        return wanted;
    }

    private void examine(String name, Optional<Topic> topic) {
        String what = "Kafka topic " + name;
        if (topic.isEmpty()) {
            findings.note(
                    what,
                    "does not exist yet, or this login may not see it",
                    "the Watcher makes it with the first event; else "
                            + kafka.acl("topic", name, NEEDED));
            return;
        }
        List<AclOperation> missing = topic.get().missing(NEEDED);
        if (missing.isEmpty()) {
            findings.ok(
                    what,
                    KafkaDoctor.count(topic.get().partitions().size(), "partition") + ", readable");
        } else {
            findings.wrong(what, "this login lacks " + missing, kafka.acl("topic", name, NEEDED));
        }
    }

    private void group() throws InterruptedException, ExecutionException {
        String group = settings.kafka().group();
        String what = "Kafka consumer group " + group;
        String mend = kafka.acl("group", group, List.of(AclOperation.READ));
        try {
            Optional<ConsumerGroups.Group> found = kafka.group(group);
            if (found.isEmpty()) {
                findings.ok(what, "new: every topic is applied from its start");
                return;
            }
            Set<AclOperation> allowed = found.get().allowed();
            if (allowed != null && !allowed.contains(AclOperation.READ)) {
                findings.wrong(what, "this login lacks [READ]", mend);
            } else {
                findings.ok(
                        what, KafkaDoctor.count(found.get().members().size(), "member") + " now");
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                findings.wrong(what, "this login may not use it", mend);
            } else {
                throw e;
            }
        }
    }

    private void writable(String topic) throws InterruptedException, ExecutionException {
        List<AclOperation> needed = List.of(AclOperation.WRITE);
        boolean lacks =
                kafka.topic(topic).filter(found -> !found.missing(needed).isEmpty()).isPresent();
        String what = "Kafka dead-letter topic " + topic;
        if (lacks) {
            findings.wrong(
                    what,
                    "this login lacks [WRITE]",
                    kafka.acl("topic", topic, List.of(AclOperation.WRITE, AclOperation.DESCRIBE)));
        } else {
            findings.ok(what, "writable");
        }
    }
}
