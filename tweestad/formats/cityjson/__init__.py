"""City models: CityJSON and CityJSONSeq, and buildings as 3D polygons."""
