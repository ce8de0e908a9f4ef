package dev.cdcpipeline.platform.http;

import java.util.function.Supplier;

/**
 * What is served at one path.
 *
 * @param path the whole path, {@code /health/ready}
 * @param answer makes the response; called on any thread, for each request
 */
public record Route(String path, Supplier<Response> answer) {

    /**
     * A response.
     *
     * @param status the HTTP status code
     * @param contentType the value of the header of this name
     * @param body the text, sent as UTF-8
     */
    public record Response(int status, String contentType, String body) {

        /** JSON, with 200. */
        public static Response json(String body) {
            return json(true, body);
        }

        /** JSON, with 200 where all is well and 503 where it is not. */
        static Response json(boolean well, String body) {
            return new Response(well ? 200 : 503, "application/json", body);
        }
    }
}
