/** Whether the name of a variable belongs to the session, so that a user may not set it. */
export function isReserved(name: string): boolean {
    return /^(CDSW|CML)_/.test(name) || ["RANK", "MASTER_ADDR", "MASTER_PORT"].includes(name);
}
