// A shop that is never closed: inserts, updates and deletes of orders.
const orders = db.getSiblingDB("shop").orders;
const states = ["new", "paid", "sent", "returned"];
const any = (list) => list[Math.floor(Math.random() * list.length)];
for (let n = 0; ; n++) {
  const _id = new ObjectId();
  orders.insertOne({ _id, number: n, state: "new", total: Decimal128((Math.random() * 500).toFixed(2)), at: new Date() });
  orders.updateOne({ number: Math.floor(Math.random() * (n + 1)) }, { $set: { state: any(states) } });
  if (n % 10 === 9) orders.deleteOne({ number: n - 5 });
  if (n % 1000 === 999) print(`${n + 1} orders`);
  sleep(5);
}
