/** Whether the tests with heavy set-up run in their large form, which takes longer and finds more. */
export const isLarge = process.env.DISTRIBUTED_SESSION_TESTS === "large";
