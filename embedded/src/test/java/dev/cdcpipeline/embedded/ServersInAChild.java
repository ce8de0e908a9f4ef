package dev.cdcpipeline.embedded;

/** The main class of a JVM that starts servers and never closes them; it ends with its input. */
final class ServersInAChild {

    private ServersInAChild() {}

    public static void main(String[] args) throws Exception {
        KafkaBroker.start();
        PostgresServer.start();
        RedisServer.start();
        System.out.println("started");
        System.exit(System.in.read() < 0 ? 0 : 1);
    }
}
