import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import * as fc from "fast-check";
import * as fs from "fs";
import * as path from "path";
import * as ts from "typescript";
import * as components from "../../../components";
import { daskPreset } from "../../../components/libraries/dask";
import { rParallelPreset } from "../../../components/libraries/rParallel";
import { rayPreset } from "../../../components/libraries/ray";
import { sparkPreset } from "../../../components/libraries/spark";
import { validateCluster } from "../../../components/libraries/validateCluster";
import { describeProblems } from "../../../components/model/errors";
import { readProject } from "../../../components/project/readProject";
import { validate } from "../../../components/validation/validate";
import { deploy } from "../../helpers/deploy";
import { folderWith, removeFolders } from "../../helpers/folders";
import { clusterOnMocks } from "../../helpers/kubernetes";

/** A word that only secrets hold, so that no text may. */
const secretWord = "hush1234word";

const files = ["model/args.ts", "volumes.ts", "docker/options.ts", "kubernetes/options.ts", "libraries/args.ts"];

/** The interfaces of the arguments, by name, as the code declares them: a new argument is among them by itself. */
const interfaces = new Map(
    files.flatMap((file) => {
        const text = fs.readFileSync(path.join(__dirname, "../../../components", file), "utf8");
        const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
        return source.statements.filter(ts.isInterfaceDeclaration).map((each) => [each.name.text, each] as const);
    }),
);

const wild = fc.oneof(
    fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, maxDepth: 2 }),
    fc.constantFrom<unknown>(null, NaN, Infinity, -0, 1e308, Symbol("s"), () => 1, "\ud800", "a\0b", "__proto__", "-1"),
    fc.constantFrom<unknown>([], {}, [[]], Object.create({ n: 1 }), new (class Odd {})()),
);
const numbers = fc.oneof(fc.constantFrom(0, 0.5, 1, 2, 60, 6000, -1, NaN, 1e308), fc.double(), fc.integer());
const texts = fc.oneof(
    fc.constantFrom("mine", "a/b:1", "worker.py", "/data", "a-1", "1Gi", "10.77.0.0/24", "127.0.0.1", " ", "\n", "ä"),
    fc.string(),
);

/** Properties whose value decides how much a session reads or creates. */
const bounded: Record<string, () => fc.Arbitrary<unknown>> = {
    n: () => fc.constantFrom<unknown>(0, 1, 2, 1, 2, -1, 1.5, 1e9, NaN, "2"),
    job: () => fc.constantFrom<unknown>(undefined, "worker.py", "none.py", "../up.py", 5, ""),
    project: () => fc.constantFrom<unknown>(folder, folder, "/none/such", "a\0b", 5),
};
let folder: string;

function later(values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
    const secrets = fc.constantFrom<unknown>(secretWord, [secretWord], { A: secretWord, "=": secretWord }, ["sh", 1]);
    return fc.oneof(
        { weight: 4, arbitrary: values },
        { weight: 1, arbitrary: values.map((value) => pulumi.output(Promise.resolve(value))) },
        { weight: 3, arbitrary: secrets.map((value) => pulumi.secret(value)) },
    );
}

/** Values of a type as the code writes it; what this test does not know is anything. */
function valuesOf(type: ts.TypeNode): fc.Arbitrary<unknown> {
    if (ts.isArrayTypeNode(type)) {
        return fc.array(valuesOf(type.elementType), { maxLength: 3 });
    }
    if (ts.isUnionTypeNode(type)) {
        return fc.oneof(...type.types.map(valuesOf));
    }
    if (ts.isTypeReferenceNode(type)) {
        const [name, given = []] = [type.typeName.getText(), type.typeArguments];
        const words = (components as unknown as Record<string, object>)[name];
        return name === "pulumi.Input"
            ? later(valuesOf(given[0]!))
            : name === "Record"
              ? fc.dictionary(fc.oneof(fc.constantFrom("A", "RANK", "a b", ""), texts), valuesOf(given[1]!), {
                    maxKeys: 3,
                })
              : interfaces.has(name)
                ? objectsOf(name)
                : typeof words === "object"
                  ? fc.constantFrom(...(Object.values(words) as unknown[]))
                  : wild;
    }
    const byKeyword: Partial<Record<ts.SyntaxKind, fc.Arbitrary<unknown>>> = {
        [ts.SyntaxKind.StringKeyword]: texts,
        [ts.SyntaxKind.NumberKeyword]: numbers,
        [ts.SyntaxKind.BooleanKeyword]: fc.boolean(),
    };
    return byKeyword[type.kind] ?? wild;
}

/** Properties of an interface, and of those that it extends. */
function membersOf(name: string): ts.PropertySignature[] {
    const declaration = interfaces.get(name)!;
    const bases = (declaration.heritageClauses ?? []).flatMap(({ types }) => types.map((each) => each.getText()));
    return [...bases.flatMap(membersOf), ...declaration.members.filter(ts.isPropertySignature)];
}

/** Objects with some of the properties: mostly of the right type, sometimes with anything, a getter, or a prototype. */
function objectsOf(name: string): fc.Arbitrary<unknown> {
    const properties = membersOf(name).map((member) => {
        const property = member.name.getText();
        const values = bounded[property]?.() ?? valuesOf(member.type!);
        const value = fc.oneof({ weight: 12, arbitrary: values }, { weight: 1, arbitrary: later(wild) });
        return [property, bounded[property] === undefined ? value : values] as const;
    });
    const some = fc.subarray(properties, { maxLength: Math.min(3, properties.length) });
    const shape = fc.constantFrom("plain", "plain", "plain", "getters", "prototype");
    return fc
        .tuple(some, shape)
        .chain(([chosen, form]) =>
            fc.record(Object.fromEntries(chosen)).map((given) => shaped({ ...sound[name], ...given }, form)),
        );
}

function shaped(given: object, form: string): unknown {
    if (form === "prototype") {
        return Object.create(given);
    }
    const getters = Object.entries(given).map(([key, value]) => [key, { get: () => value, enumerable: true }] as const);
    return form === "getters" ? Object.create(null, Object.fromEntries(getters)) : given;
}

/** What makes an interface's object complete. */
const sound: Record<string, object> = {
    MasterSpec: { command: ["serve"] },
    WorkersSpec: { command: ["work"], n: 1 },
    ClusterArgs: { workers: { n: 1 } },
    DistributedSessionArgs: { master: { command: ["serve"] }, workers: { command: ["work"], n: 1 } },
};

/** How a session of these arguments ends: nothing where it is declared, else the text of the error. */
async function declare(args: unknown): Promise<string | undefined> {
    let timer: NodeJS.Timeout;
    const isOnCluster = (args as components.DistributedSessionArgs)?.backend === "kubernetes";
    const declared = deploy(
        () => ({ workers: new components.DistributedSession("s", args as components.DistributedSessionArgs).workers }),
        isOnCluster ? clusterOnMocks({}) : {},
    );
    const hanging = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error("The session neither is declared nor fails.")), 20_000);
    });
    try {
        await Promise.race([declared, hanging]);
        return undefined;
    } catch (error) {
        if (!(error instanceof pulumi.ResourceError)) {
            throw error;
        }
        return error.message;
    } finally {
        clearTimeout(timer!);
    }
}

/** Asserts that a text names properties, with what is wrong, and no secret. */
function assertClear(text: string): void {
    const [head, ...lines] = text.split("\n");
    assert.match(head!, /^DistributedSession "s" has \d+ problems?:$/);
    assert.ok(lines.length > 0);
    lines.forEach((line) => assert.match(line, /^ {2}\S.*: \S/));
    assert.ok(!text.includes(secretWord), text);
}

/** What the constructor says of the values that are there already, without a session. */
function refuse(args: components.DistributedSessionArgs): string | undefined {
    const project = typeof args?.project === "string" ? readProject(args.project) : undefined;
    const problems = validate("s", args, project);
    return problems.length === 0 ? undefined : describeProblems('DistributedSession "s"', problems);
}

describe("a session of arguments that nobody would think of", function () {
    this.timeout(60_000);
    const anyArgs = fc.oneof(
        { weight: 30, arbitrary: fc.constant(0).chain(() => objectsOf("DistributedSessionArgs")) },
        { weight: 1, arbitrary: wild },
    );

    const engines = fc.record(
        {
            backend: fc.constantFrom("docker", "kubernetes"),
            master: objectsOf("MasterSpec"),
            workers: objectsOf("WorkersSpec"),
            maxSeconds: fc.constant(60),
            worldSize: fc.boolean(),
        },
        { requiredKeys: ["master", "workers"] },
    );

    before(() => (folder = folderWith({ "worker.py": "1" })));
    after(removeFolders);

    it("is refused in words, property by property, and without its secrets", () => {
        fc.assert(
            fc.property(anyArgs, (args) => {
                const text = refuse(args as components.DistributedSessionArgs);
                if (text !== undefined) {
                    assertClear(text);
                }
            }),
            { numRuns: 1000, interruptAfterTimeLimit: 5000 },
        );
    });

    it("is refused in the same words as the cluster of a library", () => {
        const presets = fc.constantFrom(daskPreset, rayPreset, sparkPreset, rParallelPreset);
        const args = fc.oneof({ weight: 30, arbitrary: objectsOf("ClusterArgs") }, { weight: 1, arbitrary: wild });
        fc.assert(
            fc.property(presets, args, (preset, given) => {
                const problems = validateCluster({ preset }, "s", given as components.ClusterArgs);
                if (problems.length > 0) {
                    assertClear(describeProblems('DistributedSession "s"', problems));
                }
            }),
            { numRuns: 500, interruptAfterTimeLimit: 5000 },
        );
    });

    it("is declared where nothing is wrong with it, or fails in the same words by a value that comes later", async () => {
        await fc.assert(
            fc.asyncProperty(engines, async (args) => {
                fc.pre(refuse(args as components.DistributedSessionArgs) === undefined);
                const text = await declare(args);
                if (text !== undefined) {
                    assertClear(text);
                }
            }),
            { numRuns: 25, maxSkipsPerRun: 1000, interruptAfterTimeLimit: 5000, endOnFailure: true },
        );
    });
});
