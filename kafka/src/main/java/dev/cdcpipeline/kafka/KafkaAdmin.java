package dev.cdcpipeline.kafka;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;

import java.time.Duration;
import java.util.concurrent.ExecutionException;

/** Administration of a Kafka cluster: its brokers, topics and consumer groups. Thread-safe. */
public final class KafkaAdmin implements AutoCloseable {
    private final Admin admin;
    private final TopicAdmin topics;
    private final ConsumerGroups groups;

    /**
     * Administration by a client, which is closed with this.
     *
     * @param admin the client
     */
    public KafkaAdmin(Admin admin) {
        this.admin = admin;
        this.topics = new TopicAdmin(admin);
        this.groups = new ConsumerGroups(admin);
    }

    /**
     * Returns how many brokers there are.
     *
     * @param limit how long to wait for the answer
     * @throws ExecutionException with Kafka's exception as its cause
     */
    public int brokers(Duration limit) throws InterruptedException, ExecutionException {
        var options = new DescribeClusterOptions().timeoutMs(Math.toIntExact(limit.toMillis()));
        return admin.describeCluster(options).nodes().get().size();
    }

    /** Returns the topics. */
    public TopicAdmin topics() {
        return topics;
    }

    /** Returns the consumer groups. */
    public ConsumerGroups groups() {
        return groups;
    }

    /** Closes the client; waits for open requests no longer than the limit. */
    public void close(Duration limit) {
        admin.close(limit);
    }

    @Override
    public void close() {
        admin.close();
    }
}
