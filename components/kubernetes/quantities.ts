import { coresToMillicores, gibToMib } from "../units";

/**
 * Quantities in the one spelling in which the API server gives them back: any other would show as a change after a refresh.
 */

/** Cores: `200m`, `2`. */
export function cpuQuantity(cores: number): string {
    const milli = coresToMillicores(cores);
    return milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`;
}

/** GiB: `512Mi`, `2Gi`. */
export function memoryQuantity(gib: number): string {
    const units = ["Mi", "Gi", "Ti"];
    let [amount, unit] = [gibToMib(gib), 0];
    while (amount % 1024 === 0 && amount > 0 && unit < units.length - 1) {
        amount /= 1024;
        unit++;
    }
    return `${amount}${units[unit]}`;
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
