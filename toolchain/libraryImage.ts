import * as crypto from "crypto";
import * as fs from "fs";
import * as os from "os";
import * as path from "path";
import { libraryImages } from "../components/libraries/images";
import { engineImage } from "../components/model/kernels";
import { ensureEngineImage, engineImageSource } from "./engineImage";
import { Image, build, hashOf, isBuilt, requireBuilding } from "./image";
import { projectFolder } from "./versions";

const sourceFolder = path.join("engine", "libraries");
/** What the Dockerfiles of all libraries use. */
const installer = "install-packages";
/** The variables in which a machine names the file of its certificate authorities: pip's own first. */
const certificateVariables = ["PIP_CERT", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"];

/** A library that has an image of its own. */
export type ImageLibrary = keyof typeof libraryImages;

/** The libraries that have an image of their own. */
export const imageLibraries = Object.keys(libraryImages) as ImageLibrary[];

/** Makes sure that the Docker host has the image of a library, built on the present engine image. */
export async function ensureLibraryImage(library: ImageLibrary, env: NodeJS.ProcessEnv): Promise<void> {
    const image = imageOf(library);
    if (await isBuilt(image, env)) {
        return;
    }
    requireBuilding(image);
    await ensureEngineImage(env);
    const context = fs.mkdtempSync(path.join(os.tmpdir(), "distributed-session-library-"));
    try {
        fs.cpSync(path.join(projectFolder, sourceFolder), context, { recursive: true });
        addCertificates(context);
        await build({ ...image, build: optionsOf(library, context) }, env);
    } finally {
        fs.rmSync(context, { recursive: true, force: true });
    }
}

function imageOf(library: ImageLibrary): Image {
    return {
        name: libraryImages[library],
        title: "image of the library",
        source: sourceOf(library),
        build: optionsOf(library, sourceFolder),
    };
}

function optionsOf(library: ImageLibrary, context: string): string[] {
    return ["--file", path.join(context, `${library}.Dockerfile`), "--build-arg", `BASE=${engineImage}`, context];
}

/** A hash of what the image is built from: of the library's own files and of the engine image. */
function sourceOf(library: ImageLibrary): string {
    const isMeant = (file: string) => file === installer || file.startsWith(`${library}.`);
    const own = hashOf(path.join(projectFolder, sourceFolder), isMeant);
    return crypto.createHash("sha256").update(`${engineImageSource()}\n${own}`).digest("hex");
}

/** The build's containers know nothing of the authorities that this machine trusts. */
function addCertificates(context: string): void {
    const file = certificateVariables.flatMap((name) => process.env[name] ?? []).find((each) => fs.existsSync(each));
    if (file !== undefined) {
        fs.copyFileSync(file, path.join(context, "certificates"));
    }
}
