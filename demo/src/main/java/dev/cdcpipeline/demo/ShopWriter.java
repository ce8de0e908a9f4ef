package dev.cdcpipeline.demo;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.BulkWriteOptions;

import dev.cdcpipeline.demo.ShopWrite.Target;

import org.bson.Document;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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
    private Deque<ShopWrite> deferred = new ArrayDeque<>();

    /**
     * @param left how many events to take from the shop and write
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
        while ((left > 0 || !deferred.isEmpty()) && !stopped.get()) {
            LockSupport.parkNanos(pace.untilNext());
            List<ShopWrite> batch = batch(pace.due(LARGEST_BATCH));
            write(batch, Target.CUSTOMERS);
            write(batch, Target.ORDERS);
            pace.taken(batch.size());
        }
    }

    /**
     * The next writes, at most one for each document: an unordered bulk keeps no order among its
     * writes. Further writes to a document wait for the next batch, in their order.
     */
    private List<ShopWrite> batch(int most) {
        var batch = new ArrayList<ShopWrite>();
        var waiting = new ArrayDeque<ShopWrite>();
        Set<String> documents = new HashSet<>();
        while (batch.size() < most
                && waiting.size() < LARGEST_BATCH
                && (left > 0 || !deferred.isEmpty())) {
            ShopWrite write = deferred.isEmpty() ? next() : deferred.removeFirst();
            if (documents.add(write.rowKey())) {
                batch.add(write);
            } else {
                waiting.addLast(write);
            }
        }
        waiting.addAll(deferred);
        deferred = waiting;
        return batch;
    }

    private ShopWrite next() {
        left--;
        return shop.next();
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
