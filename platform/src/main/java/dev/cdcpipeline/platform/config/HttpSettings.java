package dev.cdcpipeline.platform.config;

import io.smallrye.config.WithDefault;

/** Where metrics and health are served. A service may have a default port of its own. */
public interface HttpSettings {

    /** The address to listen on. */
    @Description("Address to listen on; 127.0.0.1 serves this machine only.")
    @WithDefault("0.0.0.0")
    String host();

    /** The TCP port; 0 takes a free one. */
    @Description("Port of /metrics and /health; 0 takes a free one and logs it.")
    @WithDefault("8080")
    @Range(min = "0", max = "65535")
    int port();
}
