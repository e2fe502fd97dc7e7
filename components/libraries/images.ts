/** The images that `engine/libraries/` builds, by the name of the library. */
export const libraryImages = {
    dask: "distributed-session/dask:0.2.0",
    ray: "distributed-session/ray:0.2.0",
    spark: "distributed-session/spark:0.2.0",
    torch: "distributed-session/torch:0.2.0",
} as const;
