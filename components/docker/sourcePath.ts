import * as path from "path";
import { isRunByCli } from "../runByCli";

/**
 * How a file of this machine is named to the provider. The Pulumi CLI starts the provider in the program's folder, so a path relative to
 * it works, and the same checkout elsewhere names the same inputs. A program inside an Automation API process shares no
 * folder with the provider: there only an absolute path does.
 */
export function sourcePath(file: string): string {
    return isRunByCli() ? path.relative(process.cwd(), file).split(path.sep).join("/") : file;
}
