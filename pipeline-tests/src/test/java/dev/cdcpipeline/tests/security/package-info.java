/** TLS, authentication and rights of both services, against real servers that insist on them. */
@NullMarked
package dev.cdcpipeline.tests.security;

import org.jspecify.annotations.NullMarked;
