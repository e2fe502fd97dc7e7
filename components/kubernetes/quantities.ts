import { coresToMillicores, gibToMib } from "../model/units";

/**
 * Quantities in the one spelling in which the API server gives them back: any other would show as a change after a refresh.
 */

/** Cores: `200m`, `2`, `1k`. */
export function cpuQuantity(cores: number): string {
    return inLargestUnit(coresToMillicores(cores), 1000, ["m", "", "k"]);
}

/** GiB: `512Mi`, `2Gi`. */
export function memoryQuantity(gib: number): string {
    return inLargestUnit(gibToMib(gib), 1024, ["Mi", "Gi", "Ti"]);
}

/** A whole number of the largest of these units, each of which is so many of the one before it. */
function inLargestUnit(amount: number, step: number, [unit, ...larger]: string[]): string {
    const isWhole = amount % step === 0 && amount > 0 && larger.length > 0;
    return isWhole ? inLargestUnit(amount / step, step, larger) : `${amount}${unit}`;
}

/** The MiB of a quantity of memory as the API server writes it; undefined for what is not one. */
export function memoryMibOf(quantity: string | undefined): number | undefined {
    const [, amount, unit] = /^([0-9.]+)(Ki|Mi|Gi|Ti)?$/.exec(quantity ?? "") ?? [];
    if (amount === undefined) {
        return undefined;
    }
    const mib = { Ki: 1 / 1024, Mi: 1, Gi: 1024, Ti: 1024 * 1024 }[unit ?? ""] ?? 1 / (1024 * 1024);
    return Math.round(Number(amount) * mib);
}
