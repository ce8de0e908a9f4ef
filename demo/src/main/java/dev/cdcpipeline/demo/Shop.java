package dev.cdcpipeline.demo;

import com.mongodb.client.model.DeleteOneModel;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.UpdateOneModel;

import dev.cdcpipeline.demo.ShopWrite.Kind;
import dev.cdcpipeline.demo.ShopWrite.Target;

import org.bson.Document;
import org.bson.types.ObjectId;

import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * One branch of the shop: an endless sequence of writes to its own customers and orders.
 *
 * <p>The sequence depends on the seed and the branch's number alone. Branches share no documents,
 * so several threads may write at once, one per branch, and MongoDB ends up with the same documents
 * whatever their pace. Not thread-safe.
 */
final class Shop {

    private static final List<String> STATUSES =
            List.of("placed", "paid", "packed", "shipped", "delivered");
    private static final int SHIPPED = STATUSES.indexOf("shipped");
    private static final int DONE = STATUSES.size() - 1;

    private final int branch;
    private final RandomGenerator random;
    private final ShopDocuments documents;
    private final List<Customer> customers = new ArrayList<>();
    private final List<Order> orders = new ArrayList<>();
    private int orderNumber;

    Shop(long seed, int branch) {
        this.branch = branch;
        this.random =
                RandomGeneratorFactory.of("L64X128MixRandom").create(seed * 1_000_003 + branch);
        this.documents = new ShopDocuments(random);
    }

    /** The next write. */
    ShopWrite next() {
        int dice = random.nextInt(100);
        if (customers.size() < 5 || dice < 10) {
            return register();
        }
        if (orders.size() < 5 || dice < 40) {
            return placeOrder();
        }
        if (dice < 70) {
            return advance();
        }
        if (dice < 84) {
            return updateCustomer();
        }
        if (dice < 89) {
            return addItem();
        }
        if (dice < 92) {
            return replaceOrder();
        }
        if (dice < 94) {
            return replaceCustomer();
        }
        return dice < 98 ? removeOrder() : removeCustomer();
    }

    private ShopWrite register() {
        var customer = new Customer(documents.objectId());
        customers.add(customer);
        var document = documents.customer(customer.id, ++customer.revision);
        return customer.write(Kind.INSERT, new InsertOneModel<>(document));
    }

    private ShopWrite updateCustomer() {
        Customer customer = recent(customers);
        customer.revision++;
        Document update =
                switch (random.nextInt(4)) {
                    case 0 -> set("addresses.0", documents.address("home"));
                    case 1 -> new Document("$push", new Document("tags", ShopTexts.tag(random)));
                    case 2 ->
                            set("lastSeen", documents.now())
                                    .append("$inc", new Document("loyalty.points", 10));
                    default ->
                            set("credit", documents.money(50_000))
                                    .append("$unset", new Document("referredBy", ""));
                };
        return customer.write(
                Kind.UPDATE, new UpdateOneModel<>(byId(customer.id), counted(update)));
    }

    private ShopWrite replaceCustomer() {
        Customer customer = recent(customers);
        var document = documents.customer(customer.id, ++customer.revision);
        return customer.write(Kind.REPLACE, new ReplaceOneModel<>(byId(customer.id), document));
    }

    private ShopWrite removeCustomer() {
        Customer customer = remove(customers);
        return customer.write(Kind.DELETE, new DeleteOneModel<>(byId(customer.id)));
    }

    private ShopWrite placeOrder() {
        var order = new Order("26-%c%06d".formatted('A' + branch, ++orderNumber));
        orders.add(order);
        var document = documents.order(order.id, recent(customers).id, ++order.revision);
        return order.write(Kind.INSERT, new InsertOneModel<>(document));
    }

    /**
     * The next status, or a cancellation, of a recent order; one that is done is put on its history
     * again.
     */
    private ShopWrite advance() {
        Order order = recent(orders);
        boolean cancelled = order.status < SHIPPED && random.nextInt(12) == 0;
        Date at = documents.now();
        order.status = cancelled ? DONE : Math.min(DONE, order.status + 1);
        String status = cancelled ? "cancelled" : STATUSES.get(order.status);
        Document update = set("status", status);
        if (cancelled) {
            update.append("$unset", new Document("shipping", ""));
        } else if (order.status == SHIPPED) {
            update.get("$set", Document.class)
                    .append("shipping.carrier", ShopTexts.carrier(random));
        }
        update.append("$push", new Document("history", documents.history(status, at)));
        return update(order, update);
    }

    private ShopWrite addItem() {
        Document update = set("total", documents.money(90_000));
        update.append("$push", new Document("items", documents.item()));
        return update(recent(orders), update);
    }

    private ShopWrite replaceOrder() {
        Order order = recent(orders);
        order.status = 0;
        var document = documents.order(order.id, recent(customers).id, ++order.revision);
        return order.write(Kind.REPLACE, new ReplaceOneModel<>(byId(order.id), document));
    }

    private ShopWrite removeOrder() {
        Order order = remove(orders);
        return order.write(Kind.DELETE, new DeleteOneModel<>(byId(order.id)));
    }

    private ShopWrite update(Order order, Document update) {
        order.revision++;
        return order.write(Kind.UPDATE, new UpdateOneModel<>(byId(order.id), counted(update)));
    }

    /** One of them, the newer the likelier. */
    private <T> T recent(List<T> all) {
        double skewed = random.nextDouble() * random.nextDouble();
        return all.get(all.size() - 1 - (int) (skewed * all.size()));
    }

    private <T> T remove(List<T> all) {
        int index = random.nextInt(all.size());
        T removed = all.get(index);
        T last = all.removeLast();
        if (index < all.size()) {
            all.set(index, last);
        }
        return removed;
    }

    private static Document byId(Object id) {
        return new Document("_id", id);
    }

    private static Document set(String field, Object value) {
        return new Document("$set", new Document(field, value));
    }

    /** Every update counts up the revision, so that it changes the document for certain. */
    private static Document counted(Document update) {
        Document inc = update.get("$inc", new Document());
        return update.append("$inc", inc.append("revision", 1));
    }

    private static final class Customer {
        private final ObjectId id;
        private int revision;

        Customer(ObjectId id) {
            this.id = id;
        }

        ShopWrite write(Kind kind, com.mongodb.client.model.WriteModel<Document> model) {
            return new ShopWrite(Target.CUSTOMERS, id.toHexString(), kind, revision, model);
        }
    }

    private static final class Order {
        private final String id;
        private int revision;
        private int status;

        Order(String id) {
            this.id = id;
        }

        ShopWrite write(Kind kind, com.mongodb.client.model.WriteModel<Document> model) {
            return new ShopWrite(Target.ORDERS, id, kind, revision, model);
        }
    }
}
