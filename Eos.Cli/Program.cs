Console.WriteLine("eos");
