Console.WriteLine("usage: eos-bench <benchmark>");
