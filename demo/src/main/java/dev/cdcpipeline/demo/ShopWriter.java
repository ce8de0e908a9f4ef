package dev.cdcpipeline.demo;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.BulkWriteOptions;

import dev.cdcpipeline.demo.ShopWrite.Target;

import org.bson.Document;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Writes one branch's sequence to MongoDB, at a given pace, in unordered bulks. */
final class ShopWriter implements Runnable {

    private static final int LARGEST_BATCH = 250;
    private static final BulkWriteOptions UNORDERED = new BulkWriteOptions().ordered(false);

    private final MongoDatabase database;
    private final Shop shop;
    private final Pace pace;
    private final WriteListener listener;
    private final AtomicBoolean stopped;
    private long left;
    private @Nullable ShopWrite held;

    /**
     * @param left how many events to write
     * @param stopped ends the writer early when it becomes true
     */
    ShopWriter(
            MongoDatabase database,
            Shop shop,
            Pace pace,
            long left,
            WriteListener listener,
            AtomicBoolean stopped) {
        this.database = database;
        this.shop = shop;
        this.pace = pace;
        this.left = left;
        this.listener = listener;
        this.stopped = stopped;
    }

    @Override
    public void run() {
        while (left > 0 && !stopped.get()) {
            LockSupport.parkNanos(pace.untilNext());
            int due = pace.take((int) Math.min(left, LARGEST_BATCH));
            while (due > 0) {
                List<ShopWrite> batch = batch(due);
                write(batch, Target.CUSTOMERS);
                write(batch, Target.ORDERS);
                due -= batch.size();
                left -= batch.size();
            }
        }
    }

    /**
     * The next writes, ended before a second write to one document: an unordered bulk keeps no
     * order among its writes.
     */
    private List<ShopWrite> batch(int most) {
        var batch = new ArrayList<ShopWrite>();
        Set<String> documents = new HashSet<>();
        while (batch.size() < most) {
            ShopWrite write = held != null ? held : shop.next();
            held = null;
            if (!documents.add(write.rowKey())) {
                held = write;
                break;
            }
            batch.add(write);
        }
        return batch;
    }

    private void write(List<ShopWrite> batch, Target target) {
        List<ShopWrite> writes = batch.stream().filter(each -> each.target() == target).toList();
        if (writes.isEmpty()) {
            return;
        }
        listener.sending(writes);
        collection(target).bulkWrite(writes.stream().map(ShopWrite::model).toList(), UNORDERED);
        listener.confirmed(writes);
    }

    private MongoCollection<Document> collection(Target target) {
        return database.getCollection(ShopWorkload.collection(target));
    }
}
