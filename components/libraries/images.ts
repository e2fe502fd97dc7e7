import { engineImage } from "../model/kernels";

/** The images that `engine/libraries/` builds, by the name of the library. */
export const libraryImages = {
    dask: "distributed-session/dask:0.2.0",
    ray: "distributed-session/ray:0.2.0",
    spark: "distributed-session/spark:0.2.0",
    torch: "distributed-session/torch:0.2.0",
} as const;

/** How an image of this project is built from the folder of the package; undefined for any other image. */
export function buildCommandOf(image: string): string | undefined {
    const folder = "<the folder engine/ of distributed-session>";
    if (image === engineImage) {
        return `docker build -t ${image} ${folder}`;
    }
    const library = Object.entries(libraryImages).find(([, own]) => own === image)?.[0];
    return library === undefined
        ? undefined
        : `docker build -t ${image} --build-arg BASE=${engineImage} -f ${folder}/libraries/${library}.Dockerfile ${folder}/libraries`;
}
