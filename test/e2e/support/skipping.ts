/** Skips a test, or all tests of a `before`, and keeps the reason for the matrix. */
export function skip(context: Mocha.Context, reason: string): void {
    console.log(`    skipped: ${reason}`);
    const current = context.test! as Mocha.Runnable & { type: string };
    Object.assign(current.type === "hook" ? current.parent! : current, { skipReason: reason });
    context.skip();
}
