declare module 'tablestore' {
  import type { Agent } from 'node:http';

  interface ClientConfig {
    accessKeyId?: string;
    accessKeySecret?: string;
    /** Such as `https://shop.cn-hangzhou.ots.aliyuncs.com`. */
    endpoint: string;
    instancename: string;
    maxRetries?: number;
    httpOptions?: { agent?: Agent; timeout?: number };
    /** Asked once for each sending. */
    getCredentials?(): { accessKeyId: string; secretAccessKey: string };
  }

  type Row = Record<string, string | number | boolean | Buffer>[];

  class Client {
    constructor(config: ClientConfig);
    config: ClientConfig;
    /** All operations end here. */
    makeRequest(operation: string, parameters: object): Promise<object>;
    listTable(parameters: object): Promise<{ tableNames: string[] }>;
    putRow(parameters: {
      tableName: string;
      condition: object;
      primaryKey: Row;
      attributeColumns: Row;
    }): Promise<{
      consumed: { capacityUnit: { read: number; write: number } };
    }>;
  }

  const TableStore: {
    Client: typeof Client;
    Condition: new (rowExistence: string, columnCondition: object | null) => object;
    RowExistenceExpectation: { IGNORE: string; EXPECT_EXIST: string; EXPECT_NOT_EXIST: string };
  };
  export type { Client, ClientConfig };
  export default TableStore;
}
