package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.syncer.plan.Progress;
import dev.cdcpipeline.syncer.plan.RecordBlocks;
import dev.cdcpipeline.syncer.plan.Records;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The one thread that owns the consumer. It never waits for the database: records go to the
 * workers' queue, and partitions that have no more room there are paused while polling goes on, so
 * that a slow database causes no rebalance and no growing memory (I7).
 */
final class PollLoop {
    private static final Logger log = LoggerFactory.getLogger(PollLoop.class);
    private static final Duration WAIT = Duration.ofMillis(100);

    /** While partitions are held back: half their room is free then, which lasts far longer. */
    private static final Duration SHORT_WAIT = Duration.ofMillis(20);

    private static final int COMMIT_TURNS = 250; // of a short wait each: a rebalance takes seconds

    /** One poll brings half of what may wait, so that it does not fill the queue by itself. */
    private static final int POLLS_TO_FILL_THE_QUEUE = 2;

    private final Consumer<ByteBuffer, ByteBuffer> consumer;
    private final PollBudget budget;
    private final LargeRecordTurns turns = new LargeRecordTurns();
    private final Claims claims;
    private final WorkQueue queue;
    private final Inbox inbox;
    private final OffsetCommitter offsets;
    private final SyncerMeters meters;
    private final RecordBlocks blocks;

    private Set<TopicPartition> heldBack = Set.of();
    private boolean draining;

    PollLoop(
            Intake intake,
            Claims claims,
            WorkQueue queue,
            Inbox inbox,
            OffsetCommitter offsets,
            SyncerMeters meters,
            RecordBlocks blocks) {
        this.consumer = intake.consumer();
        this.budget = intake.budget();
        this.claims = claims;
        this.queue = queue;
        this.inbox = inbox;
        this.offsets = offsets;
        this.meters = meters;
        this.blocks = blocks;
    }

    /**
     * One turn.
     *
     * @throws Exception if the service cannot go on
     */
    void runOnce() throws Exception {
        readReports();
        holdBack();
        handOut(poll());
        offsets.commitIfDue(consumer);
    }

    private void readReports() throws Exception {
        for (Report report = inbox.poll(); report != null; report = inbox.poll()) {
            switch (report) {
                case Report.Opened opened -> start(opened);
                case Report.Applied applied -> applied.nextOffsets().forEach(this::applied);
                case Report.Fenced fenced -> claims.claimAgain(fenced.claims());
                case Report.Replaced replaced -> claims.claimAgain(replaced.claims());
                case Report.Failed failed -> failed.rethrow();
            }
        }
    }

    private void start(Report.Opened opened) {
        Claim claim = opened.claim();
        if (!claims.isCurrent(claim)) {
            return; // revoked while the ledger was read
        }
        claim.open(opened.progress());
        seek(claim, opened.progress());
        offsets.reached(claim.partition(), opened.progress().nextOffset());
        log.atInfo()
                .addKeyValue("topic", claim.partition().topic())
                .addKeyValue("partition", claim.partition().partition())
                .addKeyValue("offset", opened.progress().nextOffset())
                .log("a partition is applied from here");
        if (!draining) {
            consumer.resume(List.of(claim.partition()));
        }
    }

    /**
     * With the leader epoch, the broker is asked first whether its log up to there is the one that
     * was applied, and {@link LogTruncationException} says that it is not (I5). Where it could not
     * tell, the place has been checked against the log's end.
     */
    private void seek(Claim claim, Progress from) {
        if (from.leaderEpoch() == Progress.UNKNOWN_EPOCH || claim.truncation() != null) {
            consumer.seek(claim.partition(), from.nextOffset());
        } else {
            var epoch = Optional.of(from.leaderEpoch());
            consumer.seek(claim.partition(), new OffsetAndMetadata(from.nextOffset(), epoch, ""));
        }
    }

    private void applied(TopicPartition partition, long nextOffset) {
        if (claims.of(partition) != null) {
            offsets.reached(partition, nextOffset);
        }
    }

    /** Pauses what has no more room in the queue, and resumes what has some again. */
    private void holdBack() {
        Set<TopicPartition> due = due();
        if (!due.isEmpty() || !heldBack.isEmpty()) {
            consumer.pause(due);
            var free = claims.openPartitions();
            free.retainAll(heldBack);
            free.removeAll(due);
            consumer.resume(free);
            heldBack = due;
        }
        meters.flow(consumer.paused().size(), queue);
    }

    /** The partitions that are not read, as there is no room for their records. */
    Set<TopicPartition> heldBack() {
        return heldBack;
    }

    private Set<TopicPartition> due() {
        Set<TopicPartition> full =
                queue.isFull() ? claims.openPartitions() : queue.fullPartitions();
        return turns.areTaken() ? turns.heldBack(claims.openPartitions(), full) : full;
    }

    private ConsumerRecords<ByteBuffer, ByteBuffer> poll() {
        budget.renew(Math.min(queue.room(), queue.maxBytes() / POLLS_TO_FILL_THE_QUEUE));
        try {
            var polled = consumer.poll(heldBack.isEmpty() && !draining ? WAIT : SHORT_WAIT);
            if (budget.hasRefusedLarge() || turns.areTaken()) {
                turns.polled(budget.hasRefusedLarge(), claims.openPartitions());
            }
            return polled;
        } catch (OffsetOutOfRangeException e) {
            log.warn("Kafka does not have the next offset of {}", e.partitions());
            claims.claimAgain(e.partitions(), truncations(e));
            return ConsumerRecords.empty();
        } catch (WakeupException e) {
            return ConsumerRecords.empty(); // somebody asked to stop
        }
    }

    private static Map<TopicPartition, LogTruncation> truncations(OffsetOutOfRangeException e) {
        var truncations = new HashMap<TopicPartition, LogTruncation>();
        if (e instanceof LogTruncationException truncated) {
            var divergent = truncated.divergentOffsets();
            for (TopicPartition partition : truncated.partitions()) {
                OffsetAndMetadata at = divergent.get(partition);
                truncations.put(partition, new LogTruncation(at == null ? null : at.offset()));
            }
        }
        return truncations;
    }

    private void handOut(ConsumerRecords<ByteBuffer, ByteBuffer> records) {
        var chunks = new ArrayList<Chunk>();
        records.nextOffsets()
                .forEach(
                        (partition, end) -> {
                            Claim claim = claims.of(partition);
                            if (claim != null && claim.isOpen() && claim.handOut(end.offset())) {
                                chunks.addAll(chunks(claim, records.records(partition), end));
                            }
                        });
        if (!chunks.isEmpty()) {
            queue.put(chunks);
        }
        meters.consumed(records);
    }

    private List<Chunk> chunks(
            Claim claim,
            List<ConsumerRecord<ByteBuffer, ByteBuffer>> polled,
            OffsetAndMetadata end) {
        List<Records> copies = blocks.copy(claim.partition(), polled);
        Records last = copies.getLast();
        return copies.stream()
                .map(records -> new Chunk(claim, records, records == last ? end : null))
                .toList();
    }

    /**
     * Lets the workers write what they have, commits the offsets, and returns; polls on meanwhile,
     * so that the group does not take the partitions away (9.3).
     */
    void drain() throws Exception {
        draining = true;
        consumer.pause(consumer.assignment());
        queue.close();
        while (!queue.isDrained()) {
            readReports();
            handOut(poll());
        }
        readReports();
        for (int turn = 0; !offsets.commitAll(consumer) && turn < COMMIT_TURNS; turn++) {
            handOut(poll());
        }
    }
}
