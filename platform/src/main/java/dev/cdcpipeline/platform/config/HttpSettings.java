package dev.cdcpipeline.platform.config;

/**
 * Where metrics and health are served. A service may have a default port of its own.
 *
 * @param host the address to listen on
 * @param port the TCP port; 0 takes a free one
 */
public record HttpSettings(
        @Description("Address to listen on; 127.0.0.1 serves this machine only.")
                @Default("0.0.0.0")
                String host,
        @Description("Port of /metrics and /health; 0 takes a free one and logs it.")
                @Default("8080")
                @Range(min = "0", max = "65535")
                int port) {}
