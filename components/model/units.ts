const mibPerGib = 1024;

/** GiB, as users write it, in whole MiB, as Docker counts. */
export function gibToMib(gib: number): number {
    return Math.round(gib * mibPerGib);
}

/** Cores in thousandths. */
export function coresToMillicores(cores: number): number {
    return Math.round(cores * 1000);
}

/** How many threads keep that many cores busy without being throttled: at least one. */
export function coresToThreads(cores: number): number {
    return Math.max(1, Math.floor(cores));
}

/** A size in MiB as one would say it: `512 MiB`, `1.5 GiB`. */
export function formatMib(mib: number): string {
    return mib < mibPerGib ? `${mib} MiB` : `${Math.round((mib / mibPerGib) * 10) / 10} GiB`;
}
