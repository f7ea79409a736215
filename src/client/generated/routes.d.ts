// Generated from src/client.ts and the types of the routes. Do not edit; regenerate: npm run client
/** What the server's own types say of each route. */
export type Routes = {
    api: {
        v1: {
            runner: {
                run: {
                    post: {
                        body: {
                            language?: string;
                            stdin?: string;
                            args?: string[];
                            env?: Record<string, string>;
                            files?: Record<string, string>;
                            code: string;
                            network?: "egress" | "none";
                        };
                        params: {};
                        query: {
                            time?: number;
                            wait?: number;
                        };
                        headers: {
                            'idempotency-key'?: string;
                        };
                        response: {
                            200: {
                                res: string;
                                stdout: string;
                                stderr: string;
                                truncated: boolean;
                                exitCode: number | null;
                                signal: string | null;
                                outOfMemory: boolean;
                                duration: number;
                                runner: string;
                                run?: string;
                                receipt: {
                                    queueMs: number;
                                    takeMs: number;
                                    agentMs: number;
                                    execMs: number | null;
                                    totalMs: number;
                                    cpuMs: number | null;
                                    peakMemoryBytes: number | null;
                                    bytesIn: number;
                                    bytesOut: number;
                                };
                            };
                            400: {
                                message: string;
                                runner?: string;
                                run?: string;
                                duration?: number;
                                details?: {
                                    field: string;
                                    expected: string;
                                    received: string;
                                }[];
                                name: "runnerExecutionFailed";
                            };
                            401: {
                                message: string;
                                runner?: string;
                                run?: string;
                                duration?: number;
                                details?: {
                                    field: string;
                                    expected: string;
                                    received: string;
                                }[];
                                name: "unauthorized";
                            };
                            413: {
                                message: string;
                                runner?: string;
                                run?: string;
                                duration?: number;
                                details?: {
                                    field: string;
                                    expected: string;
                                    received: string;
                                }[];
                                name: "payloadTooLarge";
                            };
                            422: {
                                message: string;
                                runner?: string;
                                run?: string;
                                duration?: number;
                                details?: {
                                    field: string;
                                    expected: string;
                                    received: string;
                                }[];
                                name: "invalidRequest";
                            };
                            429: {
                                message: string;
                                runner?: string;
                                run?: string;
                                duration?: number;
                                details?: {
                                    field: string;
                                    expected: string;
                                    received: string;
                                }[];
                                name: "tooManyRequests";
                            };
                            498: {
                                res: string;
                                stdout: string;
                                stderr: string;
                                truncated: boolean;
                                message: string;
                                runner?: string;
                                run?: string;
                                duration?: number;
                                details?: {
                                    field: string;
                                    expected: string;
                                    received: string;
                                }[];
                                name: "runnerTimedOut";
                                receipt: {
                                    queueMs: number;
                                    takeMs: number;
                                    agentMs: number;
                                    execMs: number | null;
                                    totalMs: number;
                                    cpuMs: number | null;
                                    peakMemoryBytes: number | null;
                                    bytesIn: number;
                                    bytesOut: number;
                                };
                            };
                            500: {
                                message: string;
                                runner?: string;
                                run?: string;
                                duration?: number;
                                details?: {
                                    field: string;
                                    expected: string;
                                    received: string;
                                }[];
                                name: "internal";
                            };
                            503: {
                                message: string;
                                runner?: string;
                                run?: string;
                                duration?: number;
                                details?: {
                                    field: string;
                                    expected: string;
                                    received: string;
                                }[];
                                name: "RunnerNotAvailable";
                            };
                        };
                    };
                };
            };
        };
    } & {
        v1: {
            runner: {
                new: {
                    post: {
                        body: {
                            language?: string;
                            stdin?: string;
                            args?: string[];
                            env?: Record<string, string>;
                            files?: Record<string, string>;
                            code?: string;
                            network?: "egress" | "none";
                            idleSeconds?: number;
                            maxAgeSeconds?: number;
                        };
                        params: {};
                        query: {
                            time?: number;
                            wait?: number;
                        };
                        headers: {
                            'idempotency-key'?: string;
                        };
                        response: {
                            200: {
                                res: string;
                                stdout: string;
                                stderr: string;
                                truncated: boolean;
                                exitCode: number | null;
                                signal: string | null;
                                outOfMemory: boolean;
                                duration: number;
                                runner: string;
                                run?: string;
                                receipt: {
                                    queueMs: number;
                                    takeMs: number;
                                    agentMs: number;
                                    execMs: number | null;
                                    totalMs: number;
                                    cpuMs: number | null;
                                    peakMemoryBytes: number | null;
                                    bytesIn: number;
                                    bytesOut: number;
                                };
                            };
                            400: {
                                message: string;
                                runner?: string;
                                run?: string;
                                duration?: number;
                                details?: {
                                    field: string;
                                    expected: string;
                                    received: string;
                                }[];
                                name: "runnerExecutionFailed";
                            };
                            401: {
                                message: string;
                                runner?: string;
                                run?: string;
                                duration?: number;
                                details?: {
                                    field: string;
                                    expected: string;
                                    received: string;
                                }[];
                                name: "unauthorized";
                            };
                            403: {
                                message: string;
                                runner?: string;
                                run?: string;
                                duration?: number;
                                details?: {
                                    field: string;
                                    expected: string;
                                    received: string;
                                }[];
                                name: "forbidden";
                            };
                            413: {
                                message: string;
                                runner?: string;
                                run?: string;
                                duration?: number;
                                details?: {
                                    field: string;
                                    expected: string;
                                    received: string;
                                }[];
                                name: "payloadTooLarge";
                            };
                            422: {
                                message: string;
                                runner?: string;
                                run?: string;
                                duration?: number;
                                details?: {
                                    field: string;
                                    expected: string;
                                    received: string;
                                }[];
                                name: "invalidRequest";
                            };
                            429: {
                                message: string;
                                runner?: string;
                                run?: string;
                                duration?: number;
                                details?: {
                                    field: string;
                                    expected: string;
                                    received: string;
                                }[];
                                name: "tooManyRequests";
                            };
                            498: {
                                res: string;
                                stdout: string;
                                stderr: string;
                                truncated: boolean;
                                message: string;
                                runner?: string;
                                run?: string;
                                duration?: number;
                                details?: {
                                    field: string;
                                    expected: string;
                                    received: string;
                                }[];
                                name: "runnerTimedOut";
                                receipt: {
                                    queueMs: number;
                                    takeMs: number;
                                    agentMs: number;
                                    execMs: number | null;
                                    totalMs: number;
                                    cpuMs: number | null;
                                    peakMemoryBytes: number | null;
                                    bytesIn: number;
                                    bytesOut: number;
                                };
                            };
                            500: {
                                message: string;
                                runner?: string;
                                run?: string;
                                duration?: number;
                                details?: {
                                    field: string;
                                    expected: string;
                                    received: string;
                                }[];
                                name: "internal";
                            };
                            503: {
                                message: string;
                                runner?: string;
                                run?: string;
                                duration?: number;
                                details?: {
                                    field: string;
                                    expected: string;
                                    received: string;
                                }[];
                                name: "RunnerNotAvailable";
                            };
                        };
                    };
                };
            };
        };
    } & {
        v1: {
            runner: {
                run: {
                    ":runner": {
                        post: {
                            body: {
                                language?: string;
                                stdin?: string;
                                args?: string[];
                                env?: Record<string, string>;
                                files?: Record<string, string>;
                                code: string;
                            };
                            params: {
                                runner: string;
                            };
                            query: {
                                time?: number;
                            };
                            headers: {
                                'idempotency-key'?: string;
                            };
                            response: {
                                200: {
                                    res: string;
                                    stdout: string;
                                    stderr: string;
                                    truncated: boolean;
                                    exitCode: number | null;
                                    signal: string | null;
                                    outOfMemory: boolean;
                                    duration: number;
                                    runner: string;
                                    run?: string;
                                    receipt: {
                                        queueMs: number;
                                        takeMs: number;
                                        agentMs: number;
                                        execMs: number | null;
                                        totalMs: number;
                                        cpuMs: number | null;
                                        peakMemoryBytes: number | null;
                                        bytesIn: number;
                                        bytesOut: number;
                                    };
                                };
                                400: {
                                    message: string;
                                    runner?: string;
                                    run?: string;
                                    duration?: number;
                                    details?: {
                                        field: string;
                                        expected: string;
                                        received: string;
                                    }[];
                                    name: "runnerExecutionFailed";
                                };
                                401: {
                                    message: string;
                                    runner?: string;
                                    run?: string;
                                    duration?: number;
                                    details?: {
                                        field: string;
                                        expected: string;
                                        received: string;
                                    }[];
                                    name: "unauthorized";
                                };
                                404: {
                                    message: string;
                                    runner?: string;
                                    run?: string;
                                    duration?: number;
                                    details?: {
                                        field: string;
                                        expected: string;
                                        received: string;
                                    }[];
                                    name: "runnerNotFound";
                                };
                                409: {
                                    message: string;
                                    runner?: string;
                                    run?: string;
                                    duration?: number;
                                    details?: {
                                        field: string;
                                        expected: string;
                                        received: string;
                                    }[];
                                    name: "runnerBusy";
                                };
                                413: {
                                    message: string;
                                    runner?: string;
                                    run?: string;
                                    duration?: number;
                                    details?: {
                                        field: string;
                                        expected: string;
                                        received: string;
                                    }[];
                                    name: "payloadTooLarge";
                                };
                                422: {
                                    message: string;
                                    runner?: string;
                                    run?: string;
                                    duration?: number;
                                    details?: {
                                        field: string;
                                        expected: string;
                                        received: string;
                                    }[];
                                    name: "invalidRequest";
                                };
                                429: {
                                    message: string;
                                    runner?: string;
                                    run?: string;
                                    duration?: number;
                                    details?: {
                                        field: string;
                                        expected: string;
                                        received: string;
                                    }[];
                                    name: "tooManyRequests";
                                };
                                498: {
                                    res: string;
                                    stdout: string;
                                    stderr: string;
                                    truncated: boolean;
                                    message: string;
                                    runner?: string;
                                    run?: string;
                                    duration?: number;
                                    details?: {
                                        field: string;
                                        expected: string;
                                        received: string;
                                    }[];
                                    name: "runnerTimedOut";
                                    receipt: {
                                        queueMs: number;
                                        takeMs: number;
                                        agentMs: number;
                                        execMs: number | null;
                                        totalMs: number;
                                        cpuMs: number | null;
                                        peakMemoryBytes: number | null;
                                        bytesIn: number;
                                        bytesOut: number;
                                    };
                                };
                                500: {
                                    message: string;
                                    runner?: string;
                                    run?: string;
                                    duration?: number;
                                    details?: {
                                        field: string;
                                        expected: string;
                                        received: string;
                                    }[];
                                    name: "internal";
                                };
                            };
                        };
                    };
                };
            };
        };
    } & {
        v1: {
            runner: {
                ":runner": {
                    get: {
                        body: unknown;
                        params: {
                            runner: string;
                        };
                        query: {};
                        headers: unknown;
                        response: {
                            200: {
                                ageSeconds: number;
                                ageSecondsLeft: number | null;
                                createdAt: string;
                                history: {
                                    state: "READY" | "RESTORING" | "RETIRING" | "RUNNING";
                                    at: string;
                                }[];
                                idleSecondsLeft: number | null;
                                inUse: boolean;
                                ip: string;
                                kind: "once" | "persistent" | "ready";
                                kmem: string | null;
                                link: string;
                                memory: string | null;
                                name: string;
                                network: {
                                    mode: "egress" | "none";
                                    rxBytes: number | null;
                                    txBytes: number | null;
                                    rxPackets: number | null;
                                    txPackets: number | null;
                                    source: "guest" | "host" | null;
                                    connections: {
                                        protocol: "icmp" | "other" | "tcp" | "udp";
                                        destination: string;
                                        port: number | null;
                                        verdict: "allowed" | "denied";
                                        sentBytes: number;
                                        receivedBytes: number;
                                    }[] | null;
                                    names: {
                                        name: string;
                                        type: string;
                                        count: number;
                                        verdict: "answered" | "refused";
                                    }[] | null;
                                    isComplete: boolean;
                                };
                                other_info: string;
                                pid: string;
                                proof: {
                                    hostname: string;
                                    machineId: string;
                                    mac: string;
                                    address: string;
                                    clockOffsetMs: number;
                                    generators: string[];
                                };
                                runner: string;
                                runsDone: number;
                                runsUnderWay: number;
                                rx: string | null;
                                state: "READY" | "RESTORING" | "RETIRING" | "RUNNING";
                                stats: {
                                    balloon: {
                                        totalBytes: number | null;
                                        availableBytes: number | null;
                                        freeBytes: number | null;
                                        cachesBytes: number | null;
                                        majorFaults: number | null;
                                        minorFaults: number | null;
                                        swapInBytes: number | null;
                                        swapOutBytes: number | null;
                                        ageSeconds: number;
                                    } | null;
                                    guestMemoryBytes: number | null;
                                    guestKernelMemoryBytes: number | null;
                                    hostPssBytes: number | null;
                                    hostCpuMs: number | null;
                                    uptimeSeconds: number | null;
                                    processes: number | null;
                                    network: {
                                        rxBytes: number;
                                        txBytes: number;
                                        rxPackets: number;
                                        txPackets: number;
                                        source: "guest" | "host";
                                    } | null;
                                    sampledSecondsAgo: number | null;
                                };
                                template: string;
                                total: string | null;
                                tx: string | null;
                            };
                            401: {
                                message: string;
                                runner?: string;
                                run?: string;
                                duration?: number;
                                details?: {
                                    field: string;
                                    expected: string;
                                    received: string;
                                }[];
                                name: "unauthorized";
                            };
                            404: {
                                message: string;
                                runner?: string;
                                run?: string;
                                duration?: number;
                                details?: {
                                    field: string;
                                    expected: string;
                                    received: string;
                                }[];
                                name: "runnerNotFound";
                            };
                            422: {
                                message: string;
                                runner?: string;
                                run?: string;
                                duration?: number;
                                details?: {
                                    field: string;
                                    expected: string;
                                    received: string;
                                }[];
                                name: "invalidRequest";
                            };
                            429: {
                                message: string;
                                runner?: string;
                                run?: string;
                                duration?: number;
                                details?: {
                                    field: string;
                                    expected: string;
                                    received: string;
                                }[];
                                name: "tooManyRequests";
                            };
                            500: {
                                message: string;
                                runner?: string;
                                run?: string;
                                duration?: number;
                                details?: {
                                    field: string;
                                    expected: string;
                                    received: string;
                                }[];
                                name: "internal";
                            };
                        };
                    };
                };
            };
        };
    } & {
        v1: {
            runner: {
                ":runner": {
                    delete: {
                        body: unknown;
                        params: {
                            runner: string;
                        };
                        query: {};
                        headers: unknown;
                        response: {
                            200: {
                                res: "success";
                            };
                            401: {
                                message: string;
                                runner?: string;
                                run?: string;
                                duration?: number;
                                details?: {
                                    field: string;
                                    expected: string;
                                    received: string;
                                }[];
                                name: "unauthorized";
                            };
                            404: {
                                message: string;
                                runner?: string;
                                run?: string;
                                duration?: number;
                                details?: {
                                    field: string;
                                    expected: string;
                                    received: string;
                                }[];
                                name: "runnerNotFound";
                            };
                            422: {
                                message: string;
                                runner?: string;
                                run?: string;
                                duration?: number;
                                details?: {
                                    field: string;
                                    expected: string;
                                    received: string;
                                }[];
                                name: "invalidRequest";
                            };
                            429: {
                                message: string;
                                runner?: string;
                                run?: string;
                                duration?: number;
                                details?: {
                                    field: string;
                                    expected: string;
                                    received: string;
                                }[];
                                name: "tooManyRequests";
                            };
                            500: {
                                message: string;
                                runner?: string;
                                run?: string;
                                duration?: number;
                                details?: {
                                    field: string;
                                    expected: string;
                                    received: string;
                                }[];
                                name: "internal";
                            };
                        };
                    };
                };
            };
        };
    } & {
        v1: {
            runner: {
                ":runner": {
                    runs: {
                        get: {
                            body: unknown;
                            params: {
                                runner: string;
                            };
                            query: {};
                            headers: unknown;
                            response: {
                                200: {
                                    runs: {
                                        id: string;
                                        state: "ended" | "lost" | "running";
                                        startedAt: string;
                                        endedAt: string | null;
                                        outputBytes: number;
                                        exitCode: number | null;
                                        signal: string | null;
                                        timedOut: boolean;
                                        truncated: boolean;
                                        outOfMemory: boolean;
                                    }[];
                                };
                                401: {
                                    message: string;
                                    runner?: string;
                                    run?: string;
                                    duration?: number;
                                    details?: {
                                        field: string;
                                        expected: string;
                                        received: string;
                                    }[];
                                    name: "unauthorized";
                                };
                                404: {
                                    message: string;
                                    runner?: string;
                                    run?: string;
                                    duration?: number;
                                    details?: {
                                        field: string;
                                        expected: string;
                                        received: string;
                                    }[];
                                    name: "runnerNotFound";
                                };
                                422: {
                                    message: string;
                                    runner?: string;
                                    run?: string;
                                    duration?: number;
                                    details?: {
                                        field: string;
                                        expected: string;
                                        received: string;
                                    }[];
                                    name: "invalidRequest";
                                };
                                429: {
                                    message: string;
                                    runner?: string;
                                    run?: string;
                                    duration?: number;
                                    details?: {
                                        field: string;
                                        expected: string;
                                        received: string;
                                    }[];
                                    name: "tooManyRequests";
                                };
                                500: {
                                    message: string;
                                    runner?: string;
                                    run?: string;
                                    duration?: number;
                                    details?: {
                                        field: string;
                                        expected: string;
                                        received: string;
                                    }[];
                                    name: "internal";
                                };
                            };
                        };
                    };
                };
            };
        };
    } & {
        v1: {
            runner: {
                ":runner": {
                    runs: {
                        ":run": {
                            get: {
                                body: unknown;
                                params: {
                                    run: string;
                                    runner: string;
                                };
                                query: {
                                    from?: number;
                                    wait?: number;
                                };
                                headers: unknown;
                                response: {
                                    200: {
                                        id: string;
                                        state: "ended" | "lost" | "running";
                                        startedAt: string;
                                        endedAt: string | null;
                                        outputBytes: number;
                                        exitCode: number | null;
                                        signal: string | null;
                                        timedOut: boolean;
                                        truncated: boolean;
                                        outOfMemory: boolean;
                                        output: string;
                                        next: number;
                                    };
                                    401: {
                                        message: string;
                                        runner?: string;
                                        run?: string;
                                        duration?: number;
                                        details?: {
                                            field: string;
                                            expected: string;
                                            received: string;
                                        }[];
                                        name: "unauthorized";
                                    };
                                    404: {
                                        message: string;
                                        runner?: string;
                                        run?: string;
                                        duration?: number;
                                        details?: {
                                            field: string;
                                            expected: string;
                                            received: string;
                                        }[];
                                        name: "runNotFound" | "runnerNotFound";
                                    };
                                    422: {
                                        message: string;
                                        runner?: string;
                                        run?: string;
                                        duration?: number;
                                        details?: {
                                            field: string;
                                            expected: string;
                                            received: string;
                                        }[];
                                        name: "invalidRequest";
                                    };
                                    429: {
                                        message: string;
                                        runner?: string;
                                        run?: string;
                                        duration?: number;
                                        details?: {
                                            field: string;
                                            expected: string;
                                            received: string;
                                        }[];
                                        name: "tooManyRequests";
                                    };
                                    500: {
                                        message: string;
                                        runner?: string;
                                        run?: string;
                                        duration?: number;
                                        details?: {
                                            field: string;
                                            expected: string;
                                            received: string;
                                        }[];
                                        name: "internal";
                                    };
                                };
                            };
                        };
                    };
                };
            };
        };
    } & {
        v1: {
            runner: {
                get: {
                    body: unknown;
                    params: {};
                    query: {
                        detail?: boolean;
                    };
                    headers: unknown;
                    response: {
                        200: {
                            memory: {
                                total: string;
                                available: string;
                                used: string;
                                percent: number;
                                totalBytes: number;
                                availableBytes: number;
                                usedBytes: number;
                            };
                            runners: {
                                ageSeconds?: number;
                                ageSecondsLeft?: number | null;
                                createdAt?: string;
                                history?: {
                                    state: "READY" | "RESTORING" | "RETIRING" | "RUNNING";
                                    at: string;
                                }[];
                                idleSecondsLeft?: number | null;
                                inUse: boolean;
                                ip?: string;
                                kind?: "once" | "persistent" | "ready";
                                kmem?: string | null;
                                link?: string;
                                memory?: string | null;
                                name: string;
                                other_info?: string;
                                pid?: string;
                                proof?: {
                                    hostname: string;
                                    machineId: string;
                                    mac: string;
                                    address: string;
                                    clockOffsetMs: number;
                                    generators: string[];
                                };
                                runner?: string;
                                runsDone?: number;
                                runsUnderWay?: number;
                                rx?: string | null;
                                state?: "READY" | "RESTORING" | "RETIRING" | "RUNNING";
                                stats?: {
                                    balloon: {
                                        totalBytes: number | null;
                                        availableBytes: number | null;
                                        freeBytes: number | null;
                                        cachesBytes: number | null;
                                        majorFaults: number | null;
                                        minorFaults: number | null;
                                        swapInBytes: number | null;
                                        swapOutBytes: number | null;
                                        ageSeconds: number;
                                    } | null;
                                    guestMemoryBytes: number | null;
                                    guestKernelMemoryBytes: number | null;
                                    hostPssBytes: number | null;
                                    hostCpuMs: number | null;
                                    uptimeSeconds: number | null;
                                    processes: number | null;
                                    network: {
                                        rxBytes: number;
                                        txBytes: number;
                                        rxPackets: number;
                                        txPackets: number;
                                        source: "guest" | "host";
                                    } | null;
                                    sampledSecondsAgo: number | null;
                                };
                                template?: string;
                                total?: string | null;
                                tx?: string | null;
                            }[];
                        };
                        401: {
                            message: string;
                            runner?: string;
                            run?: string;
                            duration?: number;
                            details?: {
                                field: string;
                                expected: string;
                                received: string;
                            }[];
                            name: "unauthorized";
                        };
                        422: {
                            message: string;
                            runner?: string;
                            run?: string;
                            duration?: number;
                            details?: {
                                field: string;
                                expected: string;
                                received: string;
                            }[];
                            name: "invalidRequest";
                        };
                        429: {
                            message: string;
                            runner?: string;
                            run?: string;
                            duration?: number;
                            details?: {
                                field: string;
                                expected: string;
                                received: string;
                            }[];
                            name: "tooManyRequests";
                        };
                        500: {
                            message: string;
                            runner?: string;
                            run?: string;
                            duration?: number;
                            details?: {
                                field: string;
                                expected: string;
                                received: string;
                            }[];
                            name: "internal";
                        };
                    };
                };
            };
        };
    } & {
        v1: {
            worker: {
                get: {
                    body: unknown;
                    params: {};
                    query: {};
                    headers: unknown;
                    response: {
                        200: {
                            memory: {
                                total: string;
                                available: string;
                                used: string;
                                percent: number;
                                totalBytes: number;
                                availableBytes: number;
                                usedBytes: number;
                            };
                            disk: {
                                total: string;
                                free: string;
                                totalBytes: number;
                                freeBytes: number;
                            };
                            load: {
                                one: number;
                                five: number;
                                fifteen: number;
                            };
                            cpus: number;
                            template: string;
                            pool: {
                                target: number;
                                ready: number;
                                restoring: number;
                                leased: number;
                                retiring: number;
                                failed: number;
                            };
                            queue: {
                                length: number;
                                limit: number;
                                waits: {
                                    count: number;
                                    meanMs: number | null;
                                    p95Ms: number | null;
                                    maxMs: number | null;
                                };
                            };
                            refill: {
                                meanRestoreMs: number | null;
                                perSecond: number | null;
                            };
                            lastErrors: {
                                at: string;
                                message: string;
                            }[];
                        };
                        401: {
                            message: string;
                            runner?: string;
                            run?: string;
                            duration?: number;
                            details?: {
                                field: string;
                                expected: string;
                                received: string;
                            }[];
                            name: "unauthorized";
                        };
                        422: {
                            message: string;
                            runner?: string;
                            run?: string;
                            duration?: number;
                            details?: {
                                field: string;
                                expected: string;
                                received: string;
                            }[];
                            name: "invalidRequest";
                        };
                        429: {
                            message: string;
                            runner?: string;
                            run?: string;
                            duration?: number;
                            details?: {
                                field: string;
                                expected: string;
                                received: string;
                            }[];
                            name: "tooManyRequests";
                        };
                        500: {
                            message: string;
                            runner?: string;
                            run?: string;
                            duration?: number;
                            details?: {
                                field: string;
                                expected: string;
                                received: string;
                            }[];
                            name: "internal";
                        };
                    };
                };
            };
        };
    };
    codeland: {
        run: {
            post: {
                body: {
                    language?: string;
                    stdin?: string;
                    args?: string[];
                    env?: Record<string, string>;
                    files?: Record<string, string>;
                    code: string;
                    network?: "egress" | "none";
                };
                params: {};
                query: {
                    time?: number;
                    wait?: number;
                };
                headers: {
                    'idempotency-key'?: string;
                };
                response: {
                    200: {
                        res: string;
                        stdout: string;
                        stderr: string;
                        truncated: boolean;
                        exitCode: number | null;
                        signal: string | null;
                        outOfMemory: boolean;
                        duration: number;
                        runner: string;
                        run?: string;
                        receipt: {
                            queueMs: number;
                            takeMs: number;
                            agentMs: number;
                            execMs: number | null;
                            totalMs: number;
                            cpuMs: number | null;
                            peakMemoryBytes: number | null;
                            bytesIn: number;
                            bytesOut: number;
                        };
                    };
                    400: {
                        message: string;
                        runner?: string;
                        run?: string;
                        duration?: number;
                        details?: {
                            field: string;
                            expected: string;
                            received: string;
                        }[];
                        name: "runnerExecutionFailed";
                    };
                    401: {
                        message: string;
                        runner?: string;
                        run?: string;
                        duration?: number;
                        details?: {
                            field: string;
                            expected: string;
                            received: string;
                        }[];
                        name: "unauthorized";
                    };
                    413: {
                        message: string;
                        runner?: string;
                        run?: string;
                        duration?: number;
                        details?: {
                            field: string;
                            expected: string;
                            received: string;
                        }[];
                        name: "payloadTooLarge";
                    };
                    422: {
                        message: string;
                        runner?: string;
                        run?: string;
                        duration?: number;
                        details?: {
                            field: string;
                            expected: string;
                            received: string;
                        }[];
                        name: "invalidRequest";
                    };
                    429: {
                        message: string;
                        runner?: string;
                        run?: string;
                        duration?: number;
                        details?: {
                            field: string;
                            expected: string;
                            received: string;
                        }[];
                        name: "tooManyRequests";
                    };
                    498: {
                        res: string;
                        stdout: string;
                        stderr: string;
                        truncated: boolean;
                        message: string;
                        runner?: string;
                        run?: string;
                        duration?: number;
                        details?: {
                            field: string;
                            expected: string;
                            received: string;
                        }[];
                        name: "runnerTimedOut";
                        receipt: {
                            queueMs: number;
                            takeMs: number;
                            agentMs: number;
                            execMs: number | null;
                            totalMs: number;
                            cpuMs: number | null;
                            peakMemoryBytes: number | null;
                            bytesIn: number;
                            bytesOut: number;
                        };
                    };
                    500: {
                        message: string;
                        runner?: string;
                        run?: string;
                        duration?: number;
                        details?: {
                            field: string;
                            expected: string;
                            received: string;
                        }[];
                        name: "internal";
                    };
                    503: {
                        message: string;
                        runner?: string;
                        run?: string;
                        duration?: number;
                        details?: {
                            field: string;
                            expected: string;
                            received: string;
                        }[];
                        name: "RunnerNotAvailable";
                    };
                };
            };
        };
    } & {
        run: {
            new: {
                post: {
                    body: {
                        language?: string;
                        stdin?: string;
                        args?: string[];
                        env?: Record<string, string>;
                        files?: Record<string, string>;
                        code?: string;
                        network?: "egress" | "none";
                        idleSeconds?: number;
                        maxAgeSeconds?: number;
                    };
                    params: {};
                    query: {
                        time?: number;
                        wait?: number;
                    };
                    headers: {
                        'idempotency-key'?: string;
                    };
                    response: {
                        200: {
                            res: string;
                            stdout: string;
                            stderr: string;
                            truncated: boolean;
                            exitCode: number | null;
                            signal: string | null;
                            outOfMemory: boolean;
                            duration: number;
                            runner: string;
                            run?: string;
                            receipt: {
                                queueMs: number;
                                takeMs: number;
                                agentMs: number;
                                execMs: number | null;
                                totalMs: number;
                                cpuMs: number | null;
                                peakMemoryBytes: number | null;
                                bytesIn: number;
                                bytesOut: number;
                            };
                        };
                        400: {
                            message: string;
                            runner?: string;
                            run?: string;
                            duration?: number;
                            details?: {
                                field: string;
                                expected: string;
                                received: string;
                            }[];
                            name: "runnerExecutionFailed";
                        };
                        401: {
                            message: string;
                            runner?: string;
                            run?: string;
                            duration?: number;
                            details?: {
                                field: string;
                                expected: string;
                                received: string;
                            }[];
                            name: "unauthorized";
                        };
                        403: {
                            message: string;
                            runner?: string;
                            run?: string;
                            duration?: number;
                            details?: {
                                field: string;
                                expected: string;
                                received: string;
                            }[];
                            name: "forbidden";
                        };
                        413: {
                            message: string;
                            runner?: string;
                            run?: string;
                            duration?: number;
                            details?: {
                                field: string;
                                expected: string;
                                received: string;
                            }[];
                            name: "payloadTooLarge";
                        };
                        422: {
                            message: string;
                            runner?: string;
                            run?: string;
                            duration?: number;
                            details?: {
                                field: string;
                                expected: string;
                                received: string;
                            }[];
                            name: "invalidRequest";
                        };
                        429: {
                            message: string;
                            runner?: string;
                            run?: string;
                            duration?: number;
                            details?: {
                                field: string;
                                expected: string;
                                received: string;
                            }[];
                            name: "tooManyRequests";
                        };
                        498: {
                            res: string;
                            stdout: string;
                            stderr: string;
                            truncated: boolean;
                            message: string;
                            runner?: string;
                            run?: string;
                            duration?: number;
                            details?: {
                                field: string;
                                expected: string;
                                received: string;
                            }[];
                            name: "runnerTimedOut";
                            receipt: {
                                queueMs: number;
                                takeMs: number;
                                agentMs: number;
                                execMs: number | null;
                                totalMs: number;
                                cpuMs: number | null;
                                peakMemoryBytes: number | null;
                                bytesIn: number;
                                bytesOut: number;
                            };
                        };
                        500: {
                            message: string;
                            runner?: string;
                            run?: string;
                            duration?: number;
                            details?: {
                                field: string;
                                expected: string;
                                received: string;
                            }[];
                            name: "internal";
                        };
                        503: {
                            message: string;
                            runner?: string;
                            run?: string;
                            duration?: number;
                            details?: {
                                field: string;
                                expected: string;
                                received: string;
                            }[];
                            name: "RunnerNotAvailable";
                        };
                    };
                };
            };
        };
    } & {
        run: {
            ":runner": {
                post: {
                    body: {
                        language?: string;
                        stdin?: string;
                        args?: string[];
                        env?: Record<string, string>;
                        files?: Record<string, string>;
                        code: string;
                    };
                    params: {
                        runner: string;
                    };
                    query: {
                        time?: number;
                    };
                    headers: {
                        'idempotency-key'?: string;
                    };
                    response: {
                        200: {
                            res: string;
                            stdout: string;
                            stderr: string;
                            truncated: boolean;
                            exitCode: number | null;
                            signal: string | null;
                            outOfMemory: boolean;
                            duration: number;
                            runner: string;
                            run?: string;
                            receipt: {
                                queueMs: number;
                                takeMs: number;
                                agentMs: number;
                                execMs: number | null;
                                totalMs: number;
                                cpuMs: number | null;
                                peakMemoryBytes: number | null;
                                bytesIn: number;
                                bytesOut: number;
                            };
                        };
                        400: {
                            message: string;
                            runner?: string;
                            run?: string;
                            duration?: number;
                            details?: {
                                field: string;
                                expected: string;
                                received: string;
                            }[];
                            name: "runnerExecutionFailed";
                        };
                        401: {
                            message: string;
                            runner?: string;
                            run?: string;
                            duration?: number;
                            details?: {
                                field: string;
                                expected: string;
                                received: string;
                            }[];
                            name: "unauthorized";
                        };
                        404: {
                            message: string;
                            runner?: string;
                            run?: string;
                            duration?: number;
                            details?: {
                                field: string;
                                expected: string;
                                received: string;
                            }[];
                            name: "runnerNotFound";
                        };
                        409: {
                            message: string;
                            runner?: string;
                            run?: string;
                            duration?: number;
                            details?: {
                                field: string;
                                expected: string;
                                received: string;
                            }[];
                            name: "runnerBusy";
                        };
                        413: {
                            message: string;
                            runner?: string;
                            run?: string;
                            duration?: number;
                            details?: {
                                field: string;
                                expected: string;
                                received: string;
                            }[];
                            name: "payloadTooLarge";
                        };
                        422: {
                            message: string;
                            runner?: string;
                            run?: string;
                            duration?: number;
                            details?: {
                                field: string;
                                expected: string;
                                received: string;
                            }[];
                            name: "invalidRequest";
                        };
                        429: {
                            message: string;
                            runner?: string;
                            run?: string;
                            duration?: number;
                            details?: {
                                field: string;
                                expected: string;
                                received: string;
                            }[];
                            name: "tooManyRequests";
                        };
                        498: {
                            res: string;
                            stdout: string;
                            stderr: string;
                            truncated: boolean;
                            message: string;
                            runner?: string;
                            run?: string;
                            duration?: number;
                            details?: {
                                field: string;
                                expected: string;
                                received: string;
                            }[];
                            name: "runnerTimedOut";
                            receipt: {
                                queueMs: number;
                                takeMs: number;
                                agentMs: number;
                                execMs: number | null;
                                totalMs: number;
                                cpuMs: number | null;
                                peakMemoryBytes: number | null;
                                bytesIn: number;
                                bytesOut: number;
                            };
                        };
                        500: {
                            message: string;
                            runner?: string;
                            run?: string;
                            duration?: number;
                            details?: {
                                field: string;
                                expected: string;
                                received: string;
                            }[];
                            name: "internal";
                        };
                    };
                };
            };
        };
    } & {
        run: {
            ":runner": {
                get: {
                    body: unknown;
                    params: {
                        runner: string;
                    };
                    query: {};
                    headers: unknown;
                    response: {
                        200: {
                            ageSeconds: number;
                            ageSecondsLeft: number | null;
                            createdAt: string;
                            history: {
                                state: "READY" | "RESTORING" | "RETIRING" | "RUNNING";
                                at: string;
                            }[];
                            idleSecondsLeft: number | null;
                            inUse: boolean;
                            ip: string;
                            kind: "once" | "persistent" | "ready";
                            kmem: string | null;
                            link: string;
                            memory: string | null;
                            name: string;
                            network: {
                                mode: "egress" | "none";
                                rxBytes: number | null;
                                txBytes: number | null;
                                rxPackets: number | null;
                                txPackets: number | null;
                                source: "guest" | "host" | null;
                                connections: {
                                    protocol: "icmp" | "other" | "tcp" | "udp";
                                    destination: string;
                                    port: number | null;
                                    verdict: "allowed" | "denied";
                                    sentBytes: number;
                                    receivedBytes: number;
                                }[] | null;
                                names: {
                                    name: string;
                                    type: string;
                                    count: number;
                                    verdict: "answered" | "refused";
                                }[] | null;
                                isComplete: boolean;
                            };
                            other_info: string;
                            pid: string;
                            proof: {
                                hostname: string;
                                machineId: string;
                                mac: string;
                                address: string;
                                clockOffsetMs: number;
                                generators: string[];
                            };
                            runner: string;
                            runsDone: number;
                            runsUnderWay: number;
                            rx: string | null;
                            state: "READY" | "RESTORING" | "RETIRING" | "RUNNING";
                            stats: {
                                balloon: {
                                    totalBytes: number | null;
                                    availableBytes: number | null;
                                    freeBytes: number | null;
                                    cachesBytes: number | null;
                                    majorFaults: number | null;
                                    minorFaults: number | null;
                                    swapInBytes: number | null;
                                    swapOutBytes: number | null;
                                    ageSeconds: number;
                                } | null;
                                guestMemoryBytes: number | null;
                                guestKernelMemoryBytes: number | null;
                                hostPssBytes: number | null;
                                hostCpuMs: number | null;
                                uptimeSeconds: number | null;
                                processes: number | null;
                                network: {
                                    rxBytes: number;
                                    txBytes: number;
                                    rxPackets: number;
                                    txPackets: number;
                                    source: "guest" | "host";
                                } | null;
                                sampledSecondsAgo: number | null;
                            };
                            template: string;
                            total: string | null;
                            tx: string | null;
                        };
                        401: {
                            message: string;
                            runner?: string;
                            run?: string;
                            duration?: number;
                            details?: {
                                field: string;
                                expected: string;
                                received: string;
                            }[];
                            name: "unauthorized";
                        };
                        404: {
                            message: string;
                            runner?: string;
                            run?: string;
                            duration?: number;
                            details?: {
                                field: string;
                                expected: string;
                                received: string;
                            }[];
                            name: "runnerNotFound";
                        };
                        422: {
                            message: string;
                            runner?: string;
                            run?: string;
                            duration?: number;
                            details?: {
                                field: string;
                                expected: string;
                                received: string;
                            }[];
                            name: "invalidRequest";
                        };
                        429: {
                            message: string;
                            runner?: string;
                            run?: string;
                            duration?: number;
                            details?: {
                                field: string;
                                expected: string;
                                received: string;
                            }[];
                            name: "tooManyRequests";
                        };
                        500: {
                            message: string;
                            runner?: string;
                            run?: string;
                            duration?: number;
                            details?: {
                                field: string;
                                expected: string;
                                received: string;
                            }[];
                            name: "internal";
                        };
                    };
                };
            };
        };
    } & {
        run: {
            ":runner": {
                delete: {
                    body: unknown;
                    params: {
                        runner: string;
                    };
                    query: {};
                    headers: unknown;
                    response: {
                        200: {
                            res: "success";
                        };
                        401: {
                            message: string;
                            runner?: string;
                            run?: string;
                            duration?: number;
                            details?: {
                                field: string;
                                expected: string;
                                received: string;
                            }[];
                            name: "unauthorized";
                        };
                        404: {
                            message: string;
                            runner?: string;
                            run?: string;
                            duration?: number;
                            details?: {
                                field: string;
                                expected: string;
                                received: string;
                            }[];
                            name: "runnerNotFound";
                        };
                        422: {
                            message: string;
                            runner?: string;
                            run?: string;
                            duration?: number;
                            details?: {
                                field: string;
                                expected: string;
                                received: string;
                            }[];
                            name: "invalidRequest";
                        };
                        429: {
                            message: string;
                            runner?: string;
                            run?: string;
                            duration?: number;
                            details?: {
                                field: string;
                                expected: string;
                                received: string;
                            }[];
                            name: "tooManyRequests";
                        };
                        500: {
                            message: string;
                            runner?: string;
                            run?: string;
                            duration?: number;
                            details?: {
                                field: string;
                                expected: string;
                                received: string;
                            }[];
                            name: "internal";
                        };
                    };
                };
            };
        };
    } & {
        run: {
            ":runner": {
                runs: {
                    get: {
                        body: unknown;
                        params: {
                            runner: string;
                        };
                        query: {};
                        headers: unknown;
                        response: {
                            200: {
                                runs: {
                                    id: string;
                                    state: "ended" | "lost" | "running";
                                    startedAt: string;
                                    endedAt: string | null;
                                    outputBytes: number;
                                    exitCode: number | null;
                                    signal: string | null;
                                    timedOut: boolean;
                                    truncated: boolean;
                                    outOfMemory: boolean;
                                }[];
                            };
                            401: {
                                message: string;
                                runner?: string;
                                run?: string;
                                duration?: number;
                                details?: {
                                    field: string;
                                    expected: string;
                                    received: string;
                                }[];
                                name: "unauthorized";
                            };
                            404: {
                                message: string;
                                runner?: string;
                                run?: string;
                                duration?: number;
                                details?: {
                                    field: string;
                                    expected: string;
                                    received: string;
                                }[];
                                name: "runnerNotFound";
                            };
                            422: {
                                message: string;
                                runner?: string;
                                run?: string;
                                duration?: number;
                                details?: {
                                    field: string;
                                    expected: string;
                                    received: string;
                                }[];
                                name: "invalidRequest";
                            };
                            429: {
                                message: string;
                                runner?: string;
                                run?: string;
                                duration?: number;
                                details?: {
                                    field: string;
                                    expected: string;
                                    received: string;
                                }[];
                                name: "tooManyRequests";
                            };
                            500: {
                                message: string;
                                runner?: string;
                                run?: string;
                                duration?: number;
                                details?: {
                                    field: string;
                                    expected: string;
                                    received: string;
                                }[];
                                name: "internal";
                            };
                        };
                    };
                };
            };
        };
    } & {
        run: {
            ":runner": {
                runs: {
                    ":run": {
                        get: {
                            body: unknown;
                            params: {
                                run: string;
                                runner: string;
                            };
                            query: {
                                from?: number;
                                wait?: number;
                            };
                            headers: unknown;
                            response: {
                                200: {
                                    id: string;
                                    state: "ended" | "lost" | "running";
                                    startedAt: string;
                                    endedAt: string | null;
                                    outputBytes: number;
                                    exitCode: number | null;
                                    signal: string | null;
                                    timedOut: boolean;
                                    truncated: boolean;
                                    outOfMemory: boolean;
                                    output: string;
                                    next: number;
                                };
                                401: {
                                    message: string;
                                    runner?: string;
                                    run?: string;
                                    duration?: number;
                                    details?: {
                                        field: string;
                                        expected: string;
                                        received: string;
                                    }[];
                                    name: "unauthorized";
                                };
                                404: {
                                    message: string;
                                    runner?: string;
                                    run?: string;
                                    duration?: number;
                                    details?: {
                                        field: string;
                                        expected: string;
                                        received: string;
                                    }[];
                                    name: "runNotFound" | "runnerNotFound";
                                };
                                422: {
                                    message: string;
                                    runner?: string;
                                    run?: string;
                                    duration?: number;
                                    details?: {
                                        field: string;
                                        expected: string;
                                        received: string;
                                    }[];
                                    name: "invalidRequest";
                                };
                                429: {
                                    message: string;
                                    runner?: string;
                                    run?: string;
                                    duration?: number;
                                    details?: {
                                        field: string;
                                        expected: string;
                                        received: string;
                                    }[];
                                    name: "tooManyRequests";
                                };
                                500: {
                                    message: string;
                                    runner?: string;
                                    run?: string;
                                    duration?: number;
                                    details?: {
                                        field: string;
                                        expected: string;
                                        received: string;
                                    }[];
                                    name: "internal";
                                };
                            };
                        };
                    };
                };
            };
        };
    } & {
        run: {
            get: {
                body: unknown;
                params: {};
                query: {
                    detail?: boolean;
                };
                headers: unknown;
                response: {
                    200: {
                        memory: {
                            total: string;
                            available: string;
                            used: string;
                            percent: number;
                            totalBytes: number;
                            availableBytes: number;
                            usedBytes: number;
                        };
                        runners: {
                            ageSeconds?: number;
                            ageSecondsLeft?: number | null;
                            createdAt?: string;
                            history?: {
                                state: "READY" | "RESTORING" | "RETIRING" | "RUNNING";
                                at: string;
                            }[];
                            idleSecondsLeft?: number | null;
                            inUse: boolean;
                            ip?: string;
                            kind?: "once" | "persistent" | "ready";
                            kmem?: string | null;
                            link?: string;
                            memory?: string | null;
                            name: string;
                            other_info?: string;
                            pid?: string;
                            proof?: {
                                hostname: string;
                                machineId: string;
                                mac: string;
                                address: string;
                                clockOffsetMs: number;
                                generators: string[];
                            };
                            runner?: string;
                            runsDone?: number;
                            runsUnderWay?: number;
                            rx?: string | null;
                            state?: "READY" | "RESTORING" | "RETIRING" | "RUNNING";
                            stats?: {
                                balloon: {
                                    totalBytes: number | null;
                                    availableBytes: number | null;
                                    freeBytes: number | null;
                                    cachesBytes: number | null;
                                    majorFaults: number | null;
                                    minorFaults: number | null;
                                    swapInBytes: number | null;
                                    swapOutBytes: number | null;
                                    ageSeconds: number;
                                } | null;
                                guestMemoryBytes: number | null;
                                guestKernelMemoryBytes: number | null;
                                hostPssBytes: number | null;
                                hostCpuMs: number | null;
                                uptimeSeconds: number | null;
                                processes: number | null;
                                network: {
                                    rxBytes: number;
                                    txBytes: number;
                                    rxPackets: number;
                                    txPackets: number;
                                    source: "guest" | "host";
                                } | null;
                                sampledSecondsAgo: number | null;
                            };
                            template?: string;
                            total?: string | null;
                            tx?: string | null;
                        }[];
                    };
                    401: {
                        message: string;
                        runner?: string;
                        run?: string;
                        duration?: number;
                        details?: {
                            field: string;
                            expected: string;
                            received: string;
                        }[];
                        name: "unauthorized";
                    };
                    422: {
                        message: string;
                        runner?: string;
                        run?: string;
                        duration?: number;
                        details?: {
                            field: string;
                            expected: string;
                            received: string;
                        }[];
                        name: "invalidRequest";
                    };
                    429: {
                        message: string;
                        runner?: string;
                        run?: string;
                        duration?: number;
                        details?: {
                            field: string;
                            expected: string;
                            received: string;
                        }[];
                        name: "tooManyRequests";
                    };
                    500: {
                        message: string;
                        runner?: string;
                        run?: string;
                        duration?: number;
                        details?: {
                            field: string;
                            expected: string;
                            received: string;
                        }[];
                        name: "internal";
                    };
                };
            };
        };
    } & {
        worker: {
            get: {
                body: unknown;
                params: {};
                query: {};
                headers: unknown;
                response: {
                    200: {
                        memory: {
                            total: string;
                            available: string;
                            used: string;
                            percent: number;
                            totalBytes: number;
                            availableBytes: number;
                            usedBytes: number;
                        };
                        disk: {
                            total: string;
                            free: string;
                            totalBytes: number;
                            freeBytes: number;
                        };
                        load: {
                            one: number;
                            five: number;
                            fifteen: number;
                        };
                        cpus: number;
                        template: string;
                        pool: {
                            target: number;
                            ready: number;
                            restoring: number;
                            leased: number;
                            retiring: number;
                            failed: number;
                        };
                        queue: {
                            length: number;
                            limit: number;
                            waits: {
                                count: number;
                                meanMs: number | null;
                                p95Ms: number | null;
                                maxMs: number | null;
                            };
                        };
                        refill: {
                            meanRestoreMs: number | null;
                            perSecond: number | null;
                        };
                        lastErrors: {
                            at: string;
                            message: string;
                        }[];
                    };
                    401: {
                        message: string;
                        runner?: string;
                        run?: string;
                        duration?: number;
                        details?: {
                            field: string;
                            expected: string;
                            received: string;
                        }[];
                        name: "unauthorized";
                    };
                    422: {
                        message: string;
                        runner?: string;
                        run?: string;
                        duration?: number;
                        details?: {
                            field: string;
                            expected: string;
                            received: string;
                        }[];
                        name: "invalidRequest";
                    };
                    429: {
                        message: string;
                        runner?: string;
                        run?: string;
                        duration?: number;
                        details?: {
                            field: string;
                            expected: string;
                            received: string;
                        }[];
                        name: "tooManyRequests";
                    };
                    500: {
                        message: string;
                        runner?: string;
                        run?: string;
                        duration?: number;
                        details?: {
                            field: string;
                            expected: string;
                            received: string;
                        }[];
                        name: "internal";
                    };
                };
            };
        };
    };
    healthz: {
        get: {
            body: unknown;
            params: {};
            query: unknown;
            headers: unknown;
            response: {
                200: {
                    status: string;
                };
                422: {
                    type: 'validation';
                    on: string;
                    summary?: string;
                    message?: string;
                    found?: unknown;
                    property?: string;
                    expected?: string;
                };
            };
        };
    };
    metrics: {
        get: {
            body: unknown;
            params: {};
            query: unknown;
            headers: unknown;
            response: {
                200: string;
            };
        };
    };
    readyz: {
        get: {
            body: unknown;
            params: {};
            query: unknown;
            headers: unknown;
            response: {
                200: {
                    status: string;
                };
                422: {
                    type: 'validation';
                    on: string;
                    summary?: string;
                    message?: string;
                    found?: unknown;
                    property?: string;
                    expected?: string;
                };
                503: {
                    message: string;
                    runner?: string;
                    run?: string;
                    duration?: number;
                    details?: {
                        field: string;
                        expected: string;
                        received: string;
                    }[];
                    name: "RunnerNotAvailable";
                };
            };
        };
    };
};
