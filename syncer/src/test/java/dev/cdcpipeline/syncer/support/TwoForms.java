package dev.cdcpipeline.syncer.support;

import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.ResumeToken;
import dev.cdcpipeline.model.wire.StreamId;
import dev.cdcpipeline.model.wire.WireFormat;
import dev.cdcpipeline.syncer.support.History.Entry;
import dev.cdcpipeline.syncer.support.History.Kind;
import dev.cdcpipeline.syncer.support.History.Stored;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A topic in which a document moves to another partition: an old Watcher, whose records name no
 * stream, keyed it otherwise than the one after it, which may begin with events that the old one
 * has published. No two changes have one version.
 */
public final class TwoForms {
    private final RandomGenerator random;
    private final List<List<Stored>> partitions = new ArrayList<>();
    private final List<Entry> log = new ArrayList<>();

    private TwoForms(RandomGenerator random) {
        this.random = random;
        for (int i = random.nextInt(2, 4); i > 0; i--) {
            partitions.add(new ArrayList<>());
        }
    }

    /** One by chance. */
    public static History generate(RandomGenerator random) {
        return new TwoForms(random).generate();
    }

    private History generate() {
        var truth = new TreeMap<String, String>();
        int events = random.nextInt(1, 60);
        for (int tick = 1; tick <= events; tick++) {
            int key = random.nextInt(DocumentId.COUNT);
            boolean isDelete = random.nextInt(3) == 0;
            byte[] token = ByteBuffer.allocate(5).put((byte) 0x82).putInt(tick).array();
            var position = new Position(1, ResumeToken.ofBytes(token));
            Kind kind = isDelete ? Kind.DELETE : Kind.INSERT;
            var id = DocumentId.any(key, random);
            log.add(new Entry(0, kind, id, id, 10 + tick, position, null, tick));
            if (isDelete) {
                truth.remove(DocumentId.rowKey(key));
            } else {
                truth.put(DocumentId.rowKey(key), Integer.toString(tick));
            }
        }
        int oldEnds = random.nextInt(log.size() + 1);
        publish(log.subList(0, oldEnds), null);
        publish(log.subList(random.nextInt(oldEnds + 1), log.size()), new StreamId(1));
        return new History(true, partitions, truth);
    }

    private void publish(List<Entry> entries, @Nullable StreamId stream) {
        for (Entry each : entries) {
            int form = stream == null ? each.key() : each.key() + 1;
            List<Stored> partition = partitions.get(form % partitions.size());
            partition.add(
                    new Stored(
                            each.by(stream, 1).in(form % partitions.size()),
                            partition.size(),
                            WireFormat.JSON,
                            false,
                            false));
        }
    }
}
