package dev.cdcpipeline.demo;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** Starts services again that have died, and in chaos kills them. Not thread-safe. */
final class Supervisor {

    private static final Duration SHORTEST_LIFE = Duration.ofSeconds(2);
    private static final Duration LONGEST_LIFE = Duration.ofSeconds(5);

    private final List<ServiceProcess> services;
    private boolean chaos;
    private final RandomGenerator random;
    private final Display display;
    private long nextKill;

    Supervisor(
            List<ServiceProcess> services, boolean chaos, RandomGenerator random, Display display) {
        this.services = services;
        this.chaos = chaos;
        this.random = random;
        this.display = display;
        planNextKill();
    }

    /** One look at the services. */
    void look() {
        if (chaos && System.nanoTime() > nextKill) {
            ServiceProcess victim = services.get(random.nextInt(services.size()));
            // One that never gets to work, on a slow machine, would prove nothing.
            if (victim.isReady()) {
                victim.kill();
            }
            planNextKill();
        }
        for (ServiceProcess service : services) {
            if (!service.isAlive()) {
                service.restart();
                display.say(
                        "The %s was killed; started it again (process %d)."
                                .formatted(service.name(), service.pid()));
            }
        }
    }

    /** Kills no more. */
    void calm() {
        chaos = false;
    }

    private void planNextKill() {
        long life = random.nextLong(SHORTEST_LIFE.toNanos(), LONGEST_LIFE.toNanos());
        nextKill = System.nanoTime() + life;
    }
}
