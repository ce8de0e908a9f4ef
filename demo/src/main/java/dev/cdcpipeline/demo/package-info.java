/** The whole pipeline on embedded servers with a shop's workload; its parts serve the tests too. */
@NullMarked
package dev.cdcpipeline.demo;

import org.jspecify.annotations.NullMarked;
