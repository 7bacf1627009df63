namespace Eos.Journal;

/// <summary>The journal belongs to another writer by now, or ends elsewhere than this one believes: whoever wrote this must not go on.</summary>
public sealed class StaleWriterException(string why) : Exception(why);

/// <summary>It is not known whether it was stored, and nobody will find out.</summary>
public sealed class UnknownOutcomeException(string why) : Exception(why);
