/** The image that engines run when `image` is not given: Debian with Python 3 and R, built from `engine/`. */
export const engineImage = "distributed-session/engine:0.1.0";

/** The label in which an image names the kernels that it has, separated by commas. */
export const kernelsLabel = "distributed-session.kernels";
