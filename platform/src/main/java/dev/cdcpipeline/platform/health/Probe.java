package dev.cdcpipeline.platform.health;

import dev.cdcpipeline.platform.retry.Sleeper;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * Asks a server every few seconds whether it answers, so that health knows it also while there is
 * nothing to do. Says in the log when that changes, not while it lasts.
 */
public final class Probe implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Probe.class);
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final String server;
    private final Component component;
    private final Question question;
    private final Sleeper sleeper;
    private final Thread thread;
    private boolean answered = true;

    /** Asks a server for any answer. */
    @FunctionalInterface
    public interface Question {
        /**
         * Asks.
         *
         * @throws Exception if there is no answer within a few seconds, or a refusal
         */
        void ask() throws Exception;
    }

    /**
     * A probe that does nothing yet.
     *
     * @param server its name in health, in the log and in the thread's name, {@code kafka}
     * @param sleeper waits between two questions; an interrupt ends the probe
     */
    public Probe(Health health, String server, Question question, Sleeper sleeper) {
        this.server = server;
        this.component = health.component(server);
        this.question = question;
        this.sleeper = sleeper;
        this.thread = Thread.ofPlatform().daemon().name("probe-" + server).unstarted(this::run);
    }

    /**
     * Asks once, on the caller's thread.
     *
     * @throws Exception the failure, which health tells of too
     */
    public void ask() throws Exception {
        try {
            question.ask();
            component.up();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            component.down(e.toString());
            throw e;
        }
    }

    /**
     * Begins to ask on a thread of its own.
     *
     * @param died hears what the thread died of, if it does
     */
    public void start(Consumer<Throwable> died) {
        thread.setUncaughtExceptionHandler((_, cause) -> died.accept(cause));
        thread.start();
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                sleeper.sleep(INTERVAL);
                askAndTell();
            }
        } catch (InterruptedException stopping) {
            // Nothing is left to do.
        }
    }

    private void askAndTell() throws InterruptedException {
        try {
            ask();
            if (!answered) {
                log.info("{} answers again", server);
            }
            answered = true;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            if (answered) {
                log.warn("{} does not answer: {}", server, e.toString());
            }
            answered = false;
        }
    }

    /** Ends it. */
    @Override
    public void close() {
        thread.interrupt();
    }
}
