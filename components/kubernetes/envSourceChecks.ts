import { Check, listOf, objectOf, optional, optionalLater, required } from "../validation/checkObject";
import * as is from "../validation/checks";
import { EnvSource } from "./options";

const sourceChecks = {
    secretName: optionalLater(is.resourceName),
    configMapName: optionalLater(is.resourceName),
    prefix: optional(is.variableName),
} satisfies Record<keyof EnvSource, Check>;

const source: Check = (path, value) => {
    const problems = required(objectOf(sourceChecks))(path, value);
    if (problems.length > 0) {
        return problems;
    }
    const { secretName, configMapName } = value as EnvSource;
    if (secretName === undefined) {
        return configMapName === undefined ? [{ path, reason: "names nothing; give secretName or configMapName" }] : [];
    }
    const both = "has a secretName beside a configMapName; make two entries of it";
    return configMapName === undefined ? [] : [{ path, reason: both }];
};

/** What `kubernetes.envFrom` must be. */
export const envFrom = optional(listOf(source, "a list of Secrets and ConfigMaps"));
