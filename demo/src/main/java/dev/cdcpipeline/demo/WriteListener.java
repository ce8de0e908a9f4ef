package dev.cdcpipeline.demo;

import java.util.List;

/** Is told of the workload's writes. Called by several threads at once. */
interface WriteListener {

    /** They are about to be sent to MongoDB. */
    void sending(List<ShopWrite> writes);

    /** MongoDB has confirmed them. */
    void confirmed(List<ShopWrite> writes);
}
