export interface ForecastDay {
  date: string;
  predictedSales: number;
  lower: number;
  upper: number;
  lower95: number;
  upper95: number;
  open: number;
  promo: number;
  stateHoliday: string;
  schoolHoliday: number;
  known: boolean;
}
export interface Forecast {
  origin: string;
  modelVersion: number;
  modelType: string;
  stores: { storeId: number; days: ForecastDay[] }[];
}
export interface Forecaster {
  forecast(q: { dataSourceId: number; storeIds: number[]; horizon: number }): Promise<Forecast>;
}
