import * as pulumi from "@pulumi/pulumi";
import { DistributedSession, OnWorkerFailure, Wait } from "../../../../components";

// A session whose engines have a log driver that cannot be read.
const config = new pulumi.Config();

new DistributedSession(
    "session",
    {
        master: config.requireObject("master"),
        workers: config.requireObject("workers"),
        wait: Wait.Completed,
        onWorkerFailure: config.get<OnWorkerFailure>("onWorkerFailure"),
    },
    {
        transforms: [
            ({ type, props, opts }) =>
                type === "docker:index/container:Container"
                    ? { props: { ...props, logDriver: "none" }, opts }
                    : undefined,
        ],
    },
);
