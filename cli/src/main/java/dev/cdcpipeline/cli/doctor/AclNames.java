package dev.cdcpipeline.cli.doctor;

import org.apache.kafka.common.acl.AclOperation;

import java.util.Locale;

/** What kafka-acls.sh calls operations: {@code DescribeConfigs}. */
final class AclNames {
    private AclNames() {}

    static String of(AclOperation operation) {
        var name = new StringBuilder();
        for (String word : operation.name().split("_", -1)) {
            name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return name.toString();
    }
}
