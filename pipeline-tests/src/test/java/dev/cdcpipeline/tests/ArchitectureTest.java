package dev.cdcpipeline.tests;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.core.domain.JavaModifier.STATIC;
import static com.tngtech.archunit.core.domain.JavaModifier.SYNTHETIC;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.jspecify.annotations.NullMarked;

/** The rules of {@code ARCHITECTURE.md}. Requirements 13.1 and 13.2. */
@AnalyzeClasses(packages = "dev.cdcpipeline", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule theWatcherDoesNotKnowTheSyncer =
            noClasses()
                    .that(resideInAPackage("..watcher.."))
                    .should()
                    .dependOnClassesThat(resideInAPackage("..syncer.."));

    @ArchTest
    static final ArchRule theSyncerDoesNotKnowTheWatcher =
            noClasses()
                    .that(resideInAPackage("..syncer.."))
                    .should()
                    .dependOnClassesThat(resideInAPackage("..watcher.."));

    @ArchTest
    static final ArchRule theModelStandsOnBsonAlone =
            classes()
                    .that(resideInAPackage("dev.cdcpipeline.model.."))
                    .should()
                    .onlyDependOnClassesThat(
                            resideInAnyPackage(
                                    "dev.cdcpipeline.model..",
                                    "java..",
                                    "org.bson..",
                                    "org.jspecify.."));

    @ArchTest
    static final ArchRule thePlatformKnowsNoService =
            noClasses()
                    .that(resideInAPackage("dev.cdcpipeline.platform.."))
                    .should()
                    .dependOnClassesThat(
                            resideInAnyPackage(
                                    "..watcher..",
                                    "..syncer..",
                                    "..cli..",
                                    "dev.cdcpipeline.kafka..",
                                    "dev.cdcpipeline.mongodb..",
                                    "dev.cdcpipeline.postgresql..",
                                    "dev.cdcpipeline.model.."));

    @ArchTest
    static final ArchRule theRoomForKafkaKnowsNoService =
            noClasses()
                    .that(resideInAPackage("dev.cdcpipeline.kafka.."))
                    .should()
                    .dependOnClassesThat(
                            resideInAnyPackage("..watcher..", "..syncer..", "..cli.."));

    @ArchTest
    static final ArchRule onlyTheRoomForKafkaAdministersIt =
            noClasses()
                    .that(resideInAnyPackage("..watcher..", "..syncer..", "..cli.."))
                    .should()
                    .dependOnClassesThat(resideInAPackage("org.apache.kafka.clients.admin.."));

    /** Who handles records sees producer and consumer; nobody else but who makes them. */
    @ArchTest
    static final ArchRule clientsOfKafkaAreSeenByThoseWhoHandleRecords =
            noClasses()
                    .that(
                            resideInAnyPackage(
                                    "..watcher.capture..",
                                    "..watcher.checkpoint..",
                                    "..syncer.schema..",
                                    "..syncer.write..",
                                    "..cli.."))
                    .should()
                    .dependOnClassesThat(resideInAPackage("org.apache.kafka.clients.."));

    @ArchTest
    static final ArchRule onlyTheRoomForKafkaCreatesItsClients =
            noClasses()
                    .that(resideInAnyPackage("..watcher..", "..syncer..", "..cli.."))
                    .should()
                    .dependOnClassesThat(belongToAnyOf(KafkaProducer.class, KafkaConsumer.class));

    @ArchTest
    static final ArchRule productionDoesNotSeeTheServersOfTheTests =
            noClasses()
                    .that(
                            resideInAnyPackage(
                                    "dev.cdcpipeline.model..",
                                    "dev.cdcpipeline.platform..",
                                    "dev.cdcpipeline.kafka..",
                                    "dev.cdcpipeline.mongodb..",
                                    "dev.cdcpipeline.postgresql..",
                                    "dev.cdcpipeline.watcher..",
                                    "dev.cdcpipeline.syncer..",
                                    "dev.cdcpipeline.cli.."))
                    .should()
                    .dependOnClassesThat(
                            resideInAnyPackage(
                                    "dev.cdcpipeline.embedded..",
                                    "dev.cdcpipeline.demo..",
                                    "dev.cdcpipeline.testkit.."));

    @ArchTest
    static final ArchRule onlyTheWatcherAndItsAdapterKnowTheMongoDbDriver =
            noClasses()
                    .that(
                            resideInAnyPackage(
                                    "..syncer..",
                                    "..platform..",
                                    "..model..",
                                    "dev.cdcpipeline.kafka..",
                                    "dev.cdcpipeline.postgresql.."))
                    .should()
                    .dependOnClassesThat(resideInAPackage("com.mongodb.."));

    @ArchTest
    static final ArchRule onlyTheSyncerAndItsAdapterKnowJdbc =
            noClasses()
                    .that(
                            resideInAnyPackage(
                                    "..watcher..",
                                    "..platform..",
                                    "..model..",
                                    "dev.cdcpipeline.kafka..",
                                    "dev.cdcpipeline.mongodb.."))
                    .should()
                    .dependOnClassesThat(
                            resideInAnyPackage("java.sql..", "org.postgresql..", "com.zaxxer.."));

    @ArchTest
    static final ArchRule onlyTheCheckpointAndItsCheckKnowTheRedisClient =
            noClasses()
                    .that(
                            not(
                                    resideInAnyPackage(
                                            "dev.cdcpipeline.watcher.checkpoint..",
                                            "dev.cdcpipeline.cli.doctor..",
                                            "dev.cdcpipeline.embedded..")))
                    .should()
                    .dependOnClassesThat(resideInAPackage("redis.clients.."));

    /** But for the check of an operator's properties, which asks Kafka's client what it knows. */
    @ArchTest
    static final ArchRule onlyTheServicesAndTheirAdapterKnowTheKafkaClient =
            noClasses()
                    .that(
                            resideInAnyPackage(
                                    "..platform..",
                                    "..model..",
                                    "dev.cdcpipeline.mongodb..",
                                    "dev.cdcpipeline.postgresql.."))
                    .and()
                    .doNotHaveSimpleName("KafkaPropertyRule")
                    .should()
                    .dependOnClassesThat(resideInAPackage("org.apache.kafka.."));

    @ArchTest
    static final ArchRule theAdaptersKnowNoService =
            classes()
                    .that(
                            resideInAnyPackage(
                                    "dev.cdcpipeline.kafka..",
                                    "dev.cdcpipeline.mongodb..",
                                    "dev.cdcpipeline.postgresql.."))
                    .should()
                    .onlyDependOnClassesThat(
                            not(
                                    resideInAnyPackage(
                                            "..watcher..",
                                            "..syncer..",
                                            "..cli..",
                                            "dev.cdcpipeline.demo..")));

    @ArchTest
    static final ArchRule thePlanDoesNoInputOrOutput =
            noClasses()
                    .that(resideInAPackage("dev.cdcpipeline.syncer.plan.."))
                    .should()
                    .dependOnClassesThat(
                            resideInAnyPackage(
                                    "java.sql..",
                                    "java.net..",
                                    "java.nio.file..",
                                    "org.postgresql..",
                                    "com.zaxxer..",
                                    "dev.cdcpipeline.syncer.write.."));

    @ArchTest
    static final ArchRule modulesHaveNoCycles =
            slices().matching("dev.cdcpipeline.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule noNameSaysNothing =
            noClasses().should().haveNameMatching(".*(Manager|Helper|Utils?|Common|Impl|Misc)");

    @ArchTest
    static final ArchRule staticStateIsConstant =
            fields().that()
                    .haveModifier(STATIC)
                    .and()
                    .doNotHaveModifier(SYNTHETIC)
                    .should(beFinal());

    @ArchTest
    static final ArchRule everyPackageIsNullMarked = classes().should(liveInANullMarkedPackage());

    private static ArchCondition<JavaField> beFinal() {
        return new ArchCondition<>("be final") {
            @Override
            public void check(JavaField field, ConditionEvents events) {
                events.add(
                        new SimpleConditionEvent(
                                field,
                                field.getModifiers().contains(FINAL),
                                field.getFullName() + " is static and can change"));
            }
        };
    }

    private static ArchCondition<JavaClass> liveInANullMarkedPackage() {
        return new ArchCondition<>("live in a @NullMarked package") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                events.add(
                        new SimpleConditionEvent(
                                type,
                                type.getPackage().isAnnotatedWith(NullMarked.class),
                                type.getName()
                                        + " is in a package without @NullMarked package-info.java"));
            }
        };
    }
}
