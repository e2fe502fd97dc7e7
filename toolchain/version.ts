/** Whether a version like 1.26.3 is `oldest` or newer. */
export function isAtLeast(version: string, oldest: string): boolean {
    const numbers = version.split(".").map(Number);
    for (const [index, least] of oldest.split(".").map(Number).entries()) {
        const number = numbers[index] ?? 0;
        if (number !== least) return number > least;
    }
    return true;
}
