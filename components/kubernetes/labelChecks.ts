import { show } from "../model/errors";
import { Check, later, that } from "../validation/checkObject";
import { recordOf, string } from "../validation/checks";

/** The name of a namespace (RFC 1123). */
export const namespaceName = that(
    (value) => typeof value === "string" && value.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(value),
    "a name of at most 63 lower-case letters, digits and -",
);

/** Labels of a cluster's objects: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/ */
export const labels = recordOf((path, name, value) => [
    ...labelName(`${path}[${JSON.stringify(name)}]`, name),
    ...later(labelValue)(`${path}[${JSON.stringify(name)}]`, value),
]);

/** Labels by which objects are selected: also those that the session or the cluster sets. */
export const selectedLabels: Check = (path, value, show) => {
    const problems = anyLabels(path, value, show);
    const isEmpty = problems.length === 0 && Object.keys(value as object).length === 0;
    return isEmpty ? [{ path, reason: "is empty, which would select everything; name at least one label" }] : problems;
};

const anyLabels = recordOf((path, name, value) => [
    ...wellFormedName(`${path}[${JSON.stringify(name)}]`, name),
    ...later(labelValue)(`${path}[${JSON.stringify(name)}]`, value),
]);

/** Annotations of a cluster's objects. */
export const annotations = recordOf((path, name, value) => [
    ...labelName(`${path}[${JSON.stringify(name)}]`, name),
    ...later(string)(`${path}[${JSON.stringify(name)}]`, value),
]);

const wellFormedName: Check = (path, value) => {
    const name = value as string;
    const [last, prefix, ...rest] = name.split("/").reverse();
    const fits =
        rest.length === 0 &&
        /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/.test(last!) &&
        (prefix === undefined || /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(prefix));
    const reason = `${show(name)} is not a name as Kubernetes takes it, such as "example.com/team"`;
    return fits ? [] : [{ path, reason }];
};

const labelName: Check = (path, value) => {
    const name = value as string;
    const isOurs = /^(app\.kubernetes\.io\/|distributed-session\.|pulumi\.com\/)/.test(name);
    const reason = `${show(name)} is set by the session itself; choose another name`;
    const problems = wellFormedName(path, name);
    return problems.length === 0 && isOurs ? [{ path, reason }] : problems;
};

const labelValue = that(
    (value) => typeof value === "string" && /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/.test(value),
    "a label's value: at most 63 letters, digits, -, _ and .",
);
