package dev.cdcpipeline.model.json;

/** Takes JSON text piece by piece, so that a large one is never in memory as a whole. */
@FunctionalInterface
public interface JsonSink {

    /**
     * Takes the next bytes of the text, in UTF-8; a piece may end within a character.
     *
     * @param bytes holds them, and is used again as soon as this returns
     */
    void write(byte[] bytes, int from, int count);
}
