import * as pulumi from "@pulumi/pulumi";
import { DistributedSession, DistributedSessionArgs } from "../../../../components";

// A session whose workers are given a number, where only a string will do, as an output of a resource.
const config = new pulumi.Config();
const { master, workers, ...settings } = config.requireObject<DistributedSessionArgs>("args");
const env = { COUNT: pulumi.output(90210 as unknown as string) };
new DistributedSession("session", { ...settings, master, workers: { ...workers, env } });
