// Written by client.test.ts with UPDATE=1.
export interface paths {
  '/v1/invocations': {
    get: {
      parameters: {
        query?: {
          account?: string;
          region?: string;
          documentName?: string;
          instanceId?: string;
          instanceName?: string;
          commandId?: string;
          status?: string[];
          requestedAfter?: string;
          requestedBefore?: string;
          changedAfter?: string;
          comment?: string;
          sender?: string;
          pluginName?: string;
          responseCode?: string;
          q?: string;
          asOf?: string;
          sort?: 'requestedAt' | '-requestedAt' | 'changedAt' | '-changedAt';
          include?: string;
          limit?: number;
          cursor?: string;
          format?: 'json' | 'csv' | 'ndjson';
          csv?: 'safe' | 'raw';
          for?: 'spreadsheet';
        };
        path?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            'application/json': {
              neverSeen?: {
                filter:
                  | 'account'
                  | 'region'
                  | 'commandId'
                  | 'instanceId'
                  | 'instanceName'
                  | 'documentName'
                  | 'pluginName'
                  | 'comment'
                  | 'sender';
                value: string;
                near: string[];
              }[];
              coverage?: {
                from: string | null;
                to: string | null;
                state: 'complete' | 'incomplete' | 'notCollected';
                coveredPart: number;
                gaps: {
                  accountId: string | null;
                  region: string | null;
                  from: string;
                  to: string;
                  alias?: string;
                  isForgotten: boolean;
                  isOpen: boolean;
                }[];
                gapCount: number;
                edges: { accountId: string | null; region: string | null; from: string; to: string }[];
                edgeCount: number;
                forgottenCommands: number;
                missingSources: number;
              };
              items: components['schemas']['Invocation'][];
              nextCursor?: string;
            };
            'text/csv': string;
            'application/x-ndjson': string;
          };
        };
        400: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        401: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        403: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        422: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        429: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        500: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        503: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        504: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
      };
    };
  };
  '/v1/invocations/{accountId}/{region}/{commandId}/{instanceId}': {
    get: {
      parameters: {
        query?: { asOf?: string };
        path: { accountId: string; region: string; commandId: string; instanceId: string };
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: { 'application/json': components['schemas']['WholeInvocation'] };
        };
        400: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        401: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        403: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        404: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        429: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        500: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        503: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        504: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
      };
    };
  };
  '/v1/invocations/{accountId}/{region}/{commandId}/{instanceId}/revisions': {
    get: {
      parameters: {
        query?: {
          limit?: number;
          cursor?: string;
          format?: 'json' | 'csv' | 'ndjson';
          csv?: 'safe' | 'raw';
          for?: 'spreadsheet';
        };
        path: { accountId: string; region: string; commandId: string; instanceId: string };
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            'application/json': { items: components['schemas']['Revision'][]; nextCursor?: string };
            'text/csv': string;
            'application/x-ndjson': string;
          };
        };
        400: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        401: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        403: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        404: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        429: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        500: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        503: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        504: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
      };
    };
  };
  '/v1/invocations/{accountId}/{region}/{commandId}/{instanceId}/steps/{position}/outputs/{stream}': {
    get: {
      parameters: {
        query?: { provenance?: 'list' | 'get' | 'logs' | 's3' };
        path: {
          accountId: string;
          region: string;
          commandId: string;
          instanceId: string;
          position: number;
          stream: 'output' | 'stdout' | 'stderr';
        };
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'text/plain': string } };
        400: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        401: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        403: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        404: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        429: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        500: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        503: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        504: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
      };
    };
  };
  '/v1/commands': {
    get: {
      parameters: {
        query?: {
          account?: string;
          region?: string;
          documentName?: string;
          requestedAfter?: string;
          requestedBefore?: string;
          asOf?: string;
          limit?: number;
          cursor?: string;
          format?: 'json' | 'csv' | 'ndjson';
          csv?: 'safe' | 'raw';
          for?: 'spreadsheet';
        };
        path?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            'application/json': {
              neverSeen?: {
                filter:
                  | 'account'
                  | 'region'
                  | 'commandId'
                  | 'instanceId'
                  | 'instanceName'
                  | 'documentName'
                  | 'pluginName'
                  | 'comment'
                  | 'sender';
                value: string;
                near: string[];
              }[];
              coverage?: {
                from: string | null;
                to: string | null;
                state: 'complete' | 'incomplete' | 'notCollected';
                coveredPart: number;
                gaps: {
                  accountId: string | null;
                  region: string | null;
                  from: string;
                  to: string;
                  alias?: string;
                  isForgotten: boolean;
                  isOpen: boolean;
                }[];
                gapCount: number;
                edges: { accountId: string | null; region: string | null; from: string; to: string }[];
                edgeCount: number;
                forgottenCommands: number;
                missingSources: number;
              };
              items: components['schemas']['Command'][];
              nextCursor?: string;
            };
            'text/csv': string;
            'application/x-ndjson': string;
          };
        };
        400: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        401: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        403: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        429: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        500: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        503: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        504: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
      };
    };
  };
  '/v1/commands/{accountId}/{region}/{commandId}': {
    get: {
      parameters: { query?: { asOf?: string }; path: { accountId: string; region: string; commandId: string } };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: { 'application/json': components['schemas']['CommandDetail'] };
        };
        400: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        401: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        403: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        404: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        429: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        500: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        503: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        504: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
      };
    };
  };
  '/v1/commands/{accountId}/{region}/{commandId}/revisions': {
    get: {
      parameters: {
        query?: {
          limit?: number;
          cursor?: string;
          format?: 'json' | 'csv' | 'ndjson';
          csv?: 'safe' | 'raw';
          for?: 'spreadsheet';
        };
        path: { accountId: string; region: string; commandId: string };
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            'application/json': { items: components['schemas']['CommandRevision'][]; nextCursor?: string };
            'text/csv': string;
            'application/x-ndjson': string;
          };
        };
        400: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        401: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        403: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        404: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        429: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        500: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        503: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
      };
    };
  };
  '/v1/instances': {
    get: {
      parameters: {
        query?: {
          account?: string;
          region?: string;
          limit?: number;
          cursor?: string;
          format?: 'json' | 'csv' | 'ndjson';
          csv?: 'safe' | 'raw';
          for?: 'spreadsheet';
        };
        path?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            'application/json': {
              neverSeen?: {
                filter:
                  | 'account'
                  | 'region'
                  | 'commandId'
                  | 'instanceId'
                  | 'instanceName'
                  | 'documentName'
                  | 'pluginName'
                  | 'comment'
                  | 'sender';
                value: string;
                near: string[];
              }[];
              coverage?: {
                from: string | null;
                to: string | null;
                state: 'complete' | 'incomplete' | 'notCollected';
                coveredPart: number;
                gaps: {
                  accountId: string | null;
                  region: string | null;
                  from: string;
                  to: string;
                  alias?: string;
                  isForgotten: boolean;
                  isOpen: boolean;
                }[];
                gapCount: number;
                edges: { accountId: string | null; region: string | null; from: string; to: string }[];
                edgeCount: number;
                forgottenCommands: number;
                missingSources: number;
              };
              wholeFrom?: string;
              items: components['schemas']['Instance'][];
              nextCursor?: string;
            };
            'text/csv': string;
            'application/x-ndjson': string;
          };
        };
        400: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        401: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        403: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        429: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        500: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        503: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        504: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
      };
    };
  };
  '/v1/instances/{accountId}/{region}/{instanceId}': {
    get: {
      parameters: {
        query?: { limit?: number; cursor?: string };
        path: { accountId: string; region: string; instanceId: string };
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: { 'application/json': components['schemas']['InstanceDetail'] & { wholeFrom?: string } };
        };
        400: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        401: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        403: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        404: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        429: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        500: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        503: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        504: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
      };
    };
  };
  '/v1/documents': {
    get: {
      parameters: {
        query?: {
          account?: string;
          region?: string;
          limit?: number;
          cursor?: string;
          format?: 'json' | 'csv' | 'ndjson';
          csv?: 'safe' | 'raw';
          for?: 'spreadsheet';
        };
        path?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            'application/json': {
              neverSeen?: {
                filter:
                  | 'account'
                  | 'region'
                  | 'commandId'
                  | 'instanceId'
                  | 'instanceName'
                  | 'documentName'
                  | 'pluginName'
                  | 'comment'
                  | 'sender';
                value: string;
                near: string[];
              }[];
              coverage?: {
                from: string | null;
                to: string | null;
                state: 'complete' | 'incomplete' | 'notCollected';
                coveredPart: number;
                gaps: {
                  accountId: string | null;
                  region: string | null;
                  from: string;
                  to: string;
                  alias?: string;
                  isForgotten: boolean;
                  isOpen: boolean;
                }[];
                gapCount: number;
                edges: { accountId: string | null; region: string | null; from: string; to: string }[];
                edgeCount: number;
                forgottenCommands: number;
                missingSources: number;
              };
              wholeFrom?: string;
              items: components['schemas']['Document'][];
              nextCursor?: string;
            };
            'text/csv': string;
            'application/x-ndjson': string;
          };
        };
        400: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        401: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        403: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        429: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        500: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        503: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        504: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
      };
    };
  };
  '/v1/stats': {
    get: {
      parameters: {
        query: {
          groupBy: string;
          account?: string;
          region?: string;
          documentName?: string;
          instanceId?: string;
          instanceName?: string;
          commandId?: string;
          status?: string[];
          requestedAfter?: string;
          requestedBefore?: string;
          changedAfter?: string;
          comment?: string;
          sender?: string;
          pluginName?: string;
          responseCode?: string;
          q?: string;
          durations?: boolean;
          format?: 'json' | 'csv' | 'ndjson';
          csv?: 'safe' | 'raw';
          for?: 'spreadsheet';
        };
        path?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            'application/json': {
              neverSeen?: {
                filter:
                  | 'account'
                  | 'region'
                  | 'commandId'
                  | 'instanceId'
                  | 'instanceName'
                  | 'documentName'
                  | 'pluginName'
                  | 'comment'
                  | 'sender';
                value: string;
                near: string[];
              }[];
              coverage?: {
                from: string | null;
                to: string | null;
                state: 'complete' | 'incomplete' | 'notCollected';
                coveredPart: number;
                gaps: {
                  accountId: string | null;
                  region: string | null;
                  from: string;
                  to: string;
                  alias?: string;
                  isForgotten: boolean;
                  isOpen: boolean;
                }[];
                gapCount: number;
                edges: { accountId: string | null; region: string | null; from: string; to: string }[];
                edgeCount: number;
                forgottenCommands: number;
                missingSources: number;
              };
              wholeFrom?: string;
              items: components['schemas']['StatsRow'][];
              nextCursor?: string;
            };
            'text/csv': string;
            'application/x-ndjson': string;
          };
        };
        400: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        401: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        403: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        429: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        500: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        503: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        504: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
      };
    };
  };
  '/v1/sql': {
    post: {
      parameters: {
        query?: { format?: 'json' | 'csv' | 'ndjson' | 'parquet' | 'arrow'; csv?: 'safe' | 'raw'; for?: 'spreadsheet' };
        path?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            'application/json': components['schemas']['SqlResult'];
            'text/csv': string;
            'application/x-ndjson': string;
            'application/vnd.apache.parquet': string;
            'application/vnd.apache.arrow.file': string;
          };
        };
        400: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        401: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        403: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        413: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        422: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        429: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        500: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        503: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        504: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
      };
    };
    get: {
      parameters: {
        query: {
          sql: string;
          params?: string;
          engine?: 'archive' | 'lake';
          limit?: number;
          timeoutMs?: number;
          format?: 'json' | 'csv' | 'ndjson' | 'parquet' | 'arrow';
          csv?: 'safe' | 'raw';
          for?: 'spreadsheet';
        };
        path?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            'application/json': components['schemas']['SqlResult'];
            'text/csv': string;
            'application/x-ndjson': string;
            'application/vnd.apache.parquet': string;
            'application/vnd.apache.arrow.file': string;
          };
        };
        400: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        401: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        403: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        413: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        422: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        429: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        500: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        503: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        504: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
      };
    };
  };
  '/v1/reports': {
    get: {
      parameters: {
        query?: { format?: 'json' | 'csv' | 'ndjson'; csv?: 'safe' | 'raw'; for?: 'spreadsheet' };
        path?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            'application/json': { items: components['schemas']['Report'][]; nextCursor?: string };
            'text/csv': string;
            'application/x-ndjson': string;
          };
        };
        400: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        401: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        403: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        429: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        500: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        503: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
      };
    };
  };
  '/v1/reports/{name}': {
    get: {
      parameters: {
        query?: {
          parameters?: { [name: string]: string };
          limit?: number;
          timeoutMs?: number;
          format?: 'json' | 'csv' | 'ndjson' | 'parquet' | 'arrow';
          csv?: 'safe' | 'raw';
          for?: 'spreadsheet';
        };
        path: { name: string };
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            'application/json': components['schemas']['SqlResult'];
            'text/csv': string;
            'application/x-ndjson': string;
            'application/vnd.apache.parquet': string;
            'application/vnd.apache.arrow.file': string;
          };
        };
        400: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        401: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        403: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        404: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        422: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        429: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        500: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        503: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        504: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
      };
    };
    put: {
      parameters: { query?: never; path: { name: string } };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Report'] } };
        201: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Report'] } };
        400: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        401: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        403: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        409: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        413: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        422: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        429: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        500: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        503: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        504: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
      };
    };
    delete: {
      parameters: { query?: never; path: { name: string } };
      requestBody?: never;
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never };
        400: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        401: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        403: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        404: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        409: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        429: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        500: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        503: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
      };
    };
  };
  '/v1/compare': {
    get: {
      parameters: { query: { left: string; right: string }; path?: never };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: { 'application/json': components['schemas']['Comparison'] };
        };
        400: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        401: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        403: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        404: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        429: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        500: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        503: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        504: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
      };
    };
  };
  '/v1/runs': {
    get: {
      parameters: {
        query?: {
          outcome?: 'running' | 'complete' | 'failed' | 'interrupted';
          limit?: number;
          cursor?: string;
          format?: 'json' | 'csv' | 'ndjson';
          csv?: 'safe' | 'raw';
          for?: 'spreadsheet';
        };
        path?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            'application/json': { items: components['schemas']['Run'][]; nextCursor?: string };
            'text/csv': string;
            'application/x-ndjson': string;
          };
        };
        400: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        401: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        403: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        429: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        500: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        503: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        504: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
      };
    };
  };
  '/v1/sweeps': {
    get: {
      parameters: {
        query?: {
          runId?: number;
          account?: string;
          region?: string;
          outcome?: 'running' | 'complete' | 'failed' | 'interrupted';
          limit?: number;
          cursor?: string;
          format?: 'json' | 'csv' | 'ndjson';
          csv?: 'safe' | 'raw';
          for?: 'spreadsheet';
        };
        path?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            'application/json': {
              neverSeen?: {
                filter:
                  | 'account'
                  | 'region'
                  | 'commandId'
                  | 'instanceId'
                  | 'instanceName'
                  | 'documentName'
                  | 'pluginName'
                  | 'comment'
                  | 'sender';
                value: string;
                near: string[];
              }[];
              coverage?: {
                from: string | null;
                to: string | null;
                state: 'complete' | 'incomplete' | 'notCollected';
                coveredPart: number;
                gaps: {
                  accountId: string | null;
                  region: string | null;
                  from: string;
                  to: string;
                  alias?: string;
                  isForgotten: boolean;
                  isOpen: boolean;
                }[];
                gapCount: number;
                edges: { accountId: string | null; region: string | null; from: string; to: string }[];
                edgeCount: number;
                forgottenCommands: number;
                missingSources: number;
              };
              items: components['schemas']['Sweep'][];
              nextCursor?: string;
            };
            'text/csv': string;
            'application/x-ndjson': string;
          };
        };
        400: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        401: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        403: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        429: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        500: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        503: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        504: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
      };
    };
  };
  '/v1/sources': {
    get: {
      parameters: {
        query?: { format?: 'json' | 'csv' | 'ndjson'; csv?: 'safe' | 'raw'; for?: 'spreadsheet' };
        path?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            'application/json': { items: components['schemas']['Source'][]; nextCursor?: string };
            'text/csv': string;
            'application/x-ndjson': string;
          };
        };
        400: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        401: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        403: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        429: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        500: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        503: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        504: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
      };
    };
  };
  '/v1/coverage': {
    get: {
      parameters: {
        query?: {
          account?: string;
          region?: string;
          from?: string;
          to?: string;
          format?: 'json' | 'csv' | 'ndjson';
          csv?: 'safe' | 'raw';
          for?: 'spreadsheet';
        };
        path?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            'application/json': {
              neverSeen?: {
                filter:
                  | 'account'
                  | 'region'
                  | 'commandId'
                  | 'instanceId'
                  | 'instanceName'
                  | 'documentName'
                  | 'pluginName'
                  | 'comment'
                  | 'sender';
                value: string;
                near: string[];
              }[];
              coverage?: {
                from: string | null;
                to: string | null;
                state: 'complete' | 'incomplete' | 'notCollected';
                coveredPart: number;
                gaps: {
                  accountId: string | null;
                  region: string | null;
                  from: string;
                  to: string;
                  alias?: string;
                  isForgotten: boolean;
                  isOpen: boolean;
                }[];
                gapCount: number;
                edges: { accountId: string | null; region: string | null; from: string; to: string }[];
                edgeCount: number;
                forgottenCommands: number;
                missingSources: number;
              };
              complete: boolean;
              items: components['schemas']['Coverage'][];
              nextCursor?: string;
            };
            'text/csv': string;
            'application/x-ndjson': string;
          };
        };
        400: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        401: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        403: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        429: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        500: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        503: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        504: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
      };
    };
  };
  '/v1/coverage/certificate': {
    get: {
      parameters: {
        query?: { account?: string; region?: string; from?: string; to?: string; format?: 'json' | 'note' };
        path?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: { 'application/json': components['schemas']['IssuedCertificate']; 'text/plain': string };
        };
        400: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        401: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        403: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        404: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        429: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        500: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        503: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        504: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
      };
    };
  };
  '/v1/evidence': {
    get: {
      parameters: {
        query?: {
          account?: string;
          region?: string;
          documentName?: string;
          instanceId?: string;
          instanceName?: string;
          commandId?: string;
          status?: string[];
          requestedAfter?: string;
          requestedBefore?: string;
          changedAfter?: string;
          comment?: string;
          sender?: string;
          pluginName?: string;
          responseCode?: string;
          q?: string;
          withoutOutputs?: boolean;
          redact?: string;
          allowEmpty?: boolean;
          allowUnseen?: boolean;
        };
        path?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/zip': string } };
        400: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        401: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        403: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        404: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        429: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        500: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        503: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        504: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
      };
    };
  };
  '/v1/ledger/checkpoint': {
    get: {
      parameters: { query?: never; path?: never };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'text/plain': string } };
        400: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        401: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        403: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        404: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        429: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        500: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        503: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
      };
    };
  };
  '/v1/ledger/checkpoints': {
    get: {
      parameters: {
        query?: {
          limit?: number;
          cursor?: string;
          format?: 'json' | 'csv' | 'ndjson';
          csv?: 'safe' | 'raw';
          for?: 'spreadsheet';
        };
        path?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            'application/json': { items: components['schemas']['Checkpoint'][]; nextCursor?: string };
            'text/csv': string;
            'application/x-ndjson': string;
          };
        };
        400: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        401: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        403: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        429: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        500: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        503: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
      };
    };
  };
  '/v1/ledger/tile/entries/{index}': {
    get: {
      parameters: { query?: never; path: { index: string } };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/octet-stream': string } };
        400: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        401: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        403: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        404: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        422: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        429: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        500: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        503: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
      };
    };
  };
  '/v1/ledger/tile/{level}/{index}': {
    get: {
      parameters: { query?: never; path: { level: string; index: string } };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/octet-stream': string } };
        400: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        401: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        403: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        404: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        429: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        500: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        503: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
      };
    };
  };
  '/v1/ledger/entries': {
    get: {
      parameters: {
        query?: {
          from?: number;
          limit?: number;
          cursor?: string;
          format?: 'json' | 'csv' | 'ndjson';
          csv?: 'safe' | 'raw';
          for?: 'spreadsheet';
        };
        path?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            'application/json': { items: components['schemas']['LedgerEntry'][]; nextCursor?: string };
            'text/csv': string;
            'application/x-ndjson': string;
          };
        };
        400: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        401: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        403: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        429: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        500: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        503: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
      };
    };
  };
  '/v1/ledger/proof': {
    get: {
      parameters: { query: { leaf: number; size?: number }; path?: never };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: { 'application/json': components['schemas']['LeafProof'] };
        };
        400: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        401: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        403: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        404: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        429: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        500: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        503: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
      };
    };
  };
  '/v1/ledger/consistency': {
    get: {
      parameters: { query: { from: number; to?: number }; path?: never };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: { 'application/json': components['schemas']['GrowthProof'] };
        };
        400: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        401: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        403: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        404: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        429: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        500: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        503: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
      };
    };
  };
  '/v1/sql/schema': {
    get: {
      parameters: { query?: { engine?: 'archive' | 'lake' }; path?: never };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            'application/json': {
              engine: 'archive' | 'lake';
              wholeFrom?: string;
              tables: components['schemas']['SqlTable'][];
            };
          };
        };
        400: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        401: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        403: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        429: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        500: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        503: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
      };
    };
  };
  '/v1/access-log': {
    get: {
      parameters: {
        query?: {
          caller?: string;
          from?: string;
          to?: string;
          path?: string;
          status?: number;
          limit?: number;
          cursor?: string;
          format?: 'json' | 'csv' | 'ndjson';
          csv?: 'safe' | 'raw';
          for?: 'spreadsheet';
        };
        path?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            'application/json': { items: components['schemas']['AccessLogEntry'][]; nextCursor?: string };
            'text/csv': string;
            'application/x-ndjson': string;
          };
        };
        400: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        401: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        403: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        429: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        500: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        503: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
      };
    };
  };
  '/v1/ingest': {
    post: {
      parameters: { query?: never; path?: never };
      requestBody?: never;
      responses: {
        202: {
          headers: { [name: string]: unknown };
          content: { 'application/json': { pass: components['schemas']['Pass'] } };
        };
        400: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        401: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        403: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        409: {
          headers: { [name: string]: unknown };
          content: {
            'application/problem+json': components['schemas']['Problem'] & { running: components['schemas']['Pass'] };
          };
        };
        429: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        500: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        503: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
      };
    };
  };
  '/v1/ingest/{id}': {
    get: {
      parameters: { query?: never; path: { id: string } };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: { 'application/json': components['schemas']['Pass']; 'text/event-stream': string };
        };
        400: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        401: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        403: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        404: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        429: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        500: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
        503: {
          headers: { [name: string]: unknown };
          content: { 'application/problem+json': components['schemas']['Problem'] };
        };
      };
    };
  };
}
export interface components {
  schemas: {
    Invocation: {
      accountId: string;
      region: string;
      commandId: string;
      instanceId: string;
      instanceName: string | null;
      comment: string | null;
      documentName: string | null;
      documentVersion: string | null;
      requestedAt: string | null;
      status: string | null;
      statusDetails: string | null;
      traceOutput: string | null;
      standardOutputUrl: string | null;
      standardErrorUrl: string | null;
      serviceRole: string | null;
      notificationArn: string | null;
      notificationEvents: unknown[] | null;
      notificationType: string | null;
      cloudwatchLogGroup: string | null;
      isCloudwatchOutputEnabled: boolean | null;
      firstSeenAt: string;
      changedAt: string;
      plugins?: components['schemas']['Plugin'][];
    };
    Plugin: {
      position: number;
      name: string | null;
      status: string | null;
      statusDetails: string | null;
      responseCode: number | null;
      startedAt: string | null;
      finishedAt: string | null;
      durationMs: number | null;
      outputSha256: string | null;
      outputSizeBytes: number | null;
      isOutputTruncated: boolean | null;
      standardOutputUrl: string | null;
      standardErrorUrl: string | null;
      outputS3Region: string | null;
      outputS3BucketName: string | null;
      outputS3KeyPrefix: string | null;
      isOutputPruned: boolean;
      isSkipped: boolean | null;
      output?: string | null;
    };
    Problem: {
      type: string;
      title: string;
      status: number;
      detail: string;
      errors?: { field: string; message: string; position?: { offset: number; line: number; column: number } }[];
      neverSeen?: { filter: string; value: string; near: string[] }[];
      plan?: string[];
    };
    WholeInvocation: {
      accountId: string;
      region: string;
      commandId: string;
      instanceId: string;
      instanceName: string | null;
      comment: string | null;
      documentName: string | null;
      documentVersion: string | null;
      requestedAt: string | null;
      status: string | null;
      statusDetails: string | null;
      traceOutput: string | null;
      standardOutputUrl: string | null;
      standardErrorUrl: string | null;
      serviceRole: string | null;
      notificationArn: string | null;
      notificationEvents: unknown[] | null;
      notificationType: string | null;
      cloudwatchLogGroup: string | null;
      isCloudwatchOutputEnabled: boolean | null;
      firstSeenAt: string;
      changedAt: string;
      plugins?: components['schemas']['Plugin'][];
      fullOutputs: components['schemas']['FullOutput'][];
      unfetchedOutputs: components['schemas']['UnfetchedOutput'][];
    };
    FullOutput: {
      position: number;
      name: string | null;
      stream: 'stdout' | 'stderr';
      provenance: 'get' | 'logs' | 's3';
      location: { [name: string]: string } | null;
      fetchedAt: string;
      encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin1';
      sizeBytes: number;
      totalBytes: number | null;
      cutBy: 'service' | 'limit' | null;
      isPruned: boolean;
      leaf: number;
    };
    UnfetchedOutput: {
      position: number;
      provenance: 'get' | 'logs' | 's3';
      state: 'queued' | 'givenUp';
      tries: number;
      gaveUpAt: string | null;
      reason: string;
    };
    Revision: {
      seq: number;
      leaf: number;
      observedAt: string;
      state: components['schemas']['Invocation'];
      changes: components['schemas']['FieldChange'][] | null;
    };
    FieldChange: { path: string; left?: unknown; right?: unknown };
    Command: {
      accountId: string;
      region: string;
      commandId: string;
      documentName: string | null;
      documentVersion: string | null;
      comment: string | null;
      expiresAt: string | null;
      parameters: { [name: string]: unknown } | null;
      instanceIds: unknown[] | null;
      targets: unknown[] | null;
      requestedAt: string | null;
      status: string | null;
      statusDetails: string | null;
      outputS3Region: string | null;
      outputS3BucketName: string | null;
      outputS3KeyPrefix: string | null;
      maxConcurrency: string | null;
      maxErrors: string | null;
      targetCount: number | null;
      completedCount: number | null;
      errorCount: number | null;
      deliveryTimedOutCount: number | null;
      serviceRole: string | null;
      notificationArn: string | null;
      notificationEvents: unknown[] | null;
      notificationType: string | null;
      cloudwatchLogGroup: string | null;
      isCloudwatchOutputEnabled: boolean | null;
      timeoutSeconds: number | null;
      otherMembers: { [name: string]: unknown } | null;
      isListed: boolean;
      firstSeenAt: string;
      lastRequestedAt: string | null;
      changedAt: string | null;
      invocations: number;
      missingInvocations: number | null;
      byStatus: { [name: string]: number };
      sender: components['schemas']['Sender'];
    };
    Sender: {
      eventAt: string;
      principalType: string | null;
      principalArn: string | null;
      invokedBy: string | null;
      sourceIpAddress: string | null;
      userAgent: string | null;
    } | null;
    CommandDetail: components['schemas']['Command'] & {
      startedAt: string | null;
      finishedAt: string | null;
      byStatusDetails: { [name: string]: number };
      steps: {
        position: number;
        name: string | null;
        nodes: number;
        skippedNodes: number;
        distinctOutputs: number;
        outlierCount: number;
        commonOutput: { sha256: string; output: string; nodes: number } | null;
      }[];
      outliers: {
        position: number;
        name: string | null;
        instanceId: string;
        instanceName: string | null;
        status: string | null;
        statusDetails: string | null;
        responseCode: number | null;
        outputSha256: string | null;
      }[];
    };
    CommandRevision: {
      seq: number;
      leaf: number;
      observedAt: string;
      seenIn: 'ListCommands' | 'ListCommandInvocations';
      state: {
        documentName: string | null;
        documentVersion: string | null;
        comment: string | null;
        expiresAt: string | null;
        parameters: { [name: string]: unknown } | null;
        instanceIds: unknown[] | null;
        targets: unknown[] | null;
        requestedAt: string | null;
        status: string | null;
        statusDetails: string | null;
        outputS3Region: string | null;
        outputS3BucketName: string | null;
        outputS3KeyPrefix: string | null;
        maxConcurrency: string | null;
        maxErrors: string | null;
        targetCount: number | null;
        completedCount: number | null;
        errorCount: number | null;
        deliveryTimedOutCount: number | null;
        serviceRole: string | null;
        notificationArn: string | null;
        notificationEvents: unknown[] | null;
        notificationType: string | null;
        cloudwatchLogGroup: string | null;
        isCloudwatchOutputEnabled: boolean | null;
        timeoutSeconds: number | null;
        otherMembers: { [name: string]: unknown } | null;
      };
      changes: components['schemas']['FieldChange'][] | null;
    };
    Instance: {
      accountId: string;
      region: string;
      instanceId: string;
      instanceName: string | null;
      firstRequestedAt: string | null;
      lastRequestedOn: string | null;
      lastRequestedAt: string | null;
      invocations: number;
      byStatus: { [name: string]: number };
    };
    InstanceDetail: components['schemas']['Instance'] & {
      names: string[];
      documents: { documentName: string | null; invocations: number; lastRequestedAt: string | null }[];
      items: components['schemas']['Invocation'][];
      nextCursor?: string;
    };
    Document: {
      documentName: string;
      firstRequestedOn: string | null;
      lastRequestedOn: string | null;
      lastRequestedAt: string | null;
      invocations: number;
      byStatus: { [name: string]: number };
    };
    StatsRow: {
      day?: string | null;
      hour?: string | null;
      week?: string | null;
      month?: string | null;
      account?: string | null;
      region?: string | null;
      document?: string | null;
      instance?: string | null;
      status?: string | null;
      statusDetails?: string | null;
      plugin?: string | null;
      count: number;
      skipped?: number;
      p50Ms?: number | null;
      p95Ms?: number | null;
      maxMs?: number | null;
    };
    SqlResult: {
      columns: { name: string; type: string | null }[];
      rows: (string | number | null)[][];
      rowCount: number;
      truncated: boolean;
      elapsedMs: number;
      engine: 'archive' | 'lake';
      from?: string | null;
      to?: string | null;
      asOf?: string;
      wholeFrom?: string;
      neverSeen?: { parameter: string; filter: string; value: string; near: string[] }[];
      coverage?: { [name: string]: unknown };
    };
    SqlQuery: {
      sql: string;
      params?: (string | number | boolean | null)[] | { [name: string]: string | number | boolean | null };
      engine?: 'archive' | 'lake';
      limit?: number;
      timeoutMs?: number;
    };
    Report: {
      name: string;
      description: string;
      origin: 'built-in' | 'configured' | 'saved';
      parameters: components['schemas']['ReportParameter'][];
      sql: string;
      engine: 'archive' | 'lake';
      engines: ('archive' | 'lake')[];
      schedules: string[];
    };
    ReportParameter: {
      name: string;
      type: 'text' | 'integer' | 'real' | 'date' | 'time' | 'zone';
      description: string;
      default?: string;
      filter?:
        | 'account'
        | 'region'
        | 'documentName'
        | 'instanceId'
        | 'instanceName'
        | 'commandId'
        | 'status'
        | 'comment'
        | 'pluginName';
    };
    SavedReport: {
      description: string;
      sql: string;
      engine?: 'archive' | 'lake';
      parameters?: {
        name: string;
        type: 'text' | 'integer' | 'real' | 'date' | 'time' | 'zone';
        description: string;
        default?: string;
        filter?:
          | 'account'
          | 'region'
          | 'documentName'
          | 'instanceId'
          | 'instanceName'
          | 'commandId'
          | 'status'
          | 'comment'
          | 'pluginName';
      }[];
    };
    Comparison: {
      left: { accountId: string; region: string; commandId: string; instanceId: string };
      right: { accountId: string; region: string; commandId: string; instanceId: string };
      fields: components['schemas']['FieldChange'][];
      outputs: {
        position: number;
        name: string | null;
        isSame: boolean;
        hunks: { leftStart: number; leftLines: number; rightStart: number; rightLines: number; lines: string[] }[];
        isCut: boolean;
      }[];
    };
    Run: {
      id: number;
      startedAt: string;
      finishedAt: string | null;
      outcome: string;
      collector: string;
      sources: {
        alias: string;
        region: string;
        accountId: string | null;
        outcome: string;
        error: string | null;
        clockSkewMs: number | null;
        startedAt: string;
        finishedAt: string;
        pages: number;
        calls: number;
        throttles: number;
        faults: number;
        rowsSeen: number;
        rowsAdded: number;
        rowsChanged: number;
      }[];
    };
    Sweep: {
      id: number;
      runId: number;
      accountId: string;
      region: string;
      operation: string;
      fromAt: string | null;
      toAt: string | null;
      commandId: string | null;
      instanceId: string | null;
      startedAt: string;
      finishedAt: string | null;
      outcome: string;
      error: string | null;
      pages: number;
      calls: number;
      throttles: number;
      faults: number;
      rowsSeen: number;
      rowsAdded: number;
      rowsChanged: number;
      requestIds: string[] | null;
    };
    Source: {
      accountId: string | null;
      region: string | null;
      alias: string | null;
      lastOutcome: string | null;
      lastError: string | null;
      lastFinishedAt: string | null;
      invocations: number;
      newestRequestedAt: string | null;
      unfinished: number;
      unfinishedSoonForgotten: number;
      unfinishedForgotten: number;
      shortCommands: number;
      missingInvocations: number;
    };
    Coverage: {
      accountId: string | null;
      region: string | null;
      alias?: string;
      sinceAt?: string;
      span: { from: string; to: string };
      isComplete: boolean;
      covered: { from: string; to: string }[];
      edges: { from: string; to: string; cause: string }[];
      gaps: { from: string; to: string; isForgotten: boolean; cause: string }[];
      spreadMs: number;
      unfinishedCommands: number;
      forgottenCommands: {
        commandId: string;
        requestedAt: string | null;
        forgottenAt: string;
        targetCount: number | null;
        knownInvocations: number;
      }[];
      shortCommands: number;
      missingInvocations: number;
    };
    IssuedCertificate: { certificate: components['schemas']['CoverageCertificate']; note: string };
    CoverageCertificate: {
      origin: string;
      issuedAt: string;
      asked: { accountId: string | null; region: string | null; from: string | null; to: string | null };
      complete: boolean;
      places: {
        accountId: string;
        region: string;
        span: { from: string; to: string };
        complete: boolean;
        covered: { from: string; to: string }[];
        edges: { from: string; to: string; cause: string }[];
        spreadMs: number;
        gaps: { from: string; to: string; isForgotten: boolean; cause: string }[];
        unproven: { from: string; to: string }[];
        forgottenCommands: {
          commandId: string;
          requestedAt: string | null;
          forgottenAt: string;
          targetCount: number | null;
          knownInvocations: number;
        }[];
        prunings: {
          what: string;
          by: string;
          reason: string;
          firstAt: string;
          lastAt: string;
          tombstones: number;
          firstLeaf: number;
          lastLeaf: number;
          invocations: number;
          commands: number;
          from: string | null;
          to: string | null;
        }[];
        unfinishedCommands: number;
        unfinishedInvocations: number;
        counts: {
          commands: number;
          countedCommands: number;
          targetCount: number;
          completedCount: number;
          invocations: number;
          finishedInvocations: number;
          shortCommands: {
            commandId: string;
            requestedAt: string;
            status: string | null;
            targetCount: number | null;
            completedCount: number | null;
            invocations: number;
            finishedInvocations: number;
          }[];
          moreShortCommands: number;
        };
        sweeps: {
          id: number;
          leaf: number;
          operation: string;
          from: string | null;
          to: string | null;
          calls: number;
          pages: number;
          startedAt: string;
          finishedAt: string | null;
          outcome: string;
          requestIds?: string[];
        }[];
        moreSweeps: number;
        broughtInLeaves: number[];
      }[];
      missing: {
        alias: string;
        accountId: string | null;
        region: string | null;
        sinceAt: string;
        gaps: { from: string; to: string; isForgotten: boolean; cause: string }[];
      }[];
      checkpoint: { size: number; root: string; madeAt: string };
    };
    Checkpoint: { size: number; madeAt: string; note: string };
    LedgerEntry: {
      leaf: number;
      seq: number;
      kind: string;
      hash: string;
      entry: string | null;
      tombstone: number | null;
      openings: { salt: string; value: string }[];
    };
    LeafProof: { leaf: number; size: number; leafHash: string; root: string; proof: string[]; checkpoint?: string };
    GrowthProof: { from: number; to: number; fromRoot: string; toRoot: string; proof: string[]; checkpoint?: string };
    SqlTable: {
      name: string;
      kind: 'table' | 'view' | 'virtual';
      description: string;
      estimatedRows: number | null;
      columns: { name: string; type: string; isNullable: boolean; description: string }[];
      indexes: { name: string; columns: string[]; isUnique: boolean; where: string | null; description: string }[];
    };
    AccessLogEntry: {
      id: number;
      at: string;
      requestId: string | null;
      caller: string | null;
      tokenId: string | null;
      role: string | null;
      remoteAddress: string | null;
      method: string;
      path: string;
      query: string | null;
      sql: string | null;
      params: string | null;
      engine: string | null;
      status: number;
      outcome: string;
      rows: number | null;
      bytes: number | null;
      elapsedMs: number | null;
      userAgent: string | null;
      attempts: number | null;
      lastAt: string | null;
    };
    Pass: {
      id: string;
      state: 'running' | 'complete' | 'failed' | 'interrupted';
      runId: number | null;
      startedAt: string;
      finishedAt: string | null;
      error: string | null;
      trigger: 'schedule' | 'start' | 'api' | 'elsewhere';
      sources: components['schemas']['PassSource'][];
    };
    PassSource: {
      alias: string;
      accountId: string | null;
      region: string;
      outcome: 'running' | 'complete' | 'failed' | 'interrupted';
      error: string | null;
      pages: number;
      calls: number;
      throttles: number;
      faults: number;
      rowsSeen: number;
      rowsAdded: number;
      rowsChanged: number;
      partsPlanned: number;
      partsEnded: number;
      startedAt: string;
    };
  };
}
