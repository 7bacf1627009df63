Console.WriteLine("Eos.Host");
