/** A login of the Docker provider's setting `registryAuth`. */
export interface RegistryAuth {
    address: string;
    authDisabled?: boolean;
    username?: string;
    password?: string;
    configFile?: string;
    configFileContent?: string;
}

/** How the Docker provider of a session is set up. */
export interface HostSettings {
    host?: string;
    context?: string;
    certPath?: string;
    caMaterial?: string;
    certMaterial?: string;
    keyMaterial?: string;
    sshOpts?: string[];
    /** A list, or its JSON: an explicit provider has it as such. */
    registryAuth?: RegistryAuth[] | string;
}
