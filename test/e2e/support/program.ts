import * as fs from "fs";
import * as path from "path";
import * as ts from "typescript";
import { projectFolder } from "../../../toolchain/versions";

/** Where the compiled programs are, in the folders of their sources. */
const compiledFolder = path.join(projectFolder, "test/.program");
const folders = ["components", "test/e2e/programs", "test/bench/programs"];

/** Is set where the programs are compiled already. */
const compiledVariable = "DISTRIBUTED_SESSION_TEST_COMPILED";
let isCompiled = process.env[compiledVariable] !== undefined;

/**
 * The folder of a program of this project, compiled: each call of the CLI would compile it again, for 0.4 s of CPU. The programs
 * of other projects stay as they are.
 */
export function compiledProgram(program: string): string {
    const relative = path.relative(projectFolder, program);
    if (relative.startsWith("..")) {
        return program;
    }
    if (!isCompiled) {
        compileAll();
    }
    return path.join(compiledFolder, relative);
}

/** Compiles the programs. Returns the environment of processes that need not compile them again, for 2.7 s of CPU each. */
export function compileAll(): NodeJS.ProcessEnv {
    const files = [...fs.readdirSync(projectFolder), ...folders.flatMap(filesIn)];
    files.filter((file) => file.endsWith(".ts")).forEach(compile);
    files.filter((file) => path.basename(file) === "Pulumi.yaml").forEach(describeProgram);
    const examples = path.join(compiledFolder, "examples");
    if (!fs.existsSync(examples)) {
        fs.symlinkSync(path.join(projectFolder, "examples"), examples);
    }
    isCompiled = true;
    return { [compiledVariable]: "true" };
}

/** All files in a folder of the project, as paths in the project. */
function filesIn(folder: string): string[] {
    const files = fs.readdirSync(path.join(projectFolder, folder), { recursive: true, encoding: "utf8" });
    return files.map((file) => path.join(folder, file));
}

function compile(file: string): void {
    const compilerOptions = {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.CommonJS,
        esModuleInterop: true,
    };
    const source = fs.readFileSync(path.join(projectFolder, file), "utf8");
    write(file.replace(/\.ts$/, ".js"), ts.transpileModule(source, { compilerOptions }).outputText);
}

/** Writes the project file of a compiled program, which needs no compiler. */
function describeProgram(file: string): void {
    const text = fs.readFileSync(path.join(projectFolder, file), "utf8");
    const runtime = "runtime:\n  name: nodejs\n  options:\n    typescript: false";
    write(file, text.replace(/^runtime: .*$/m, runtime).replace(/^main: .*$/m, "main: index.js"));
}

/** Writes a file whole or not at all, because another process of the tests may read it. */
function write(file: string, text: string): void {
    const target = path.join(compiledFolder, file);
    if (fs.existsSync(target) && fs.readFileSync(target, "utf8") === text) {
        return;
    }
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(`${target}.${process.pid}`, text);
    fs.renameSync(`${target}.${process.pid}`, target);
}
